/* less than a line */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(32);
	bcopy("<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[", this->p, 32);
	tracemem(this->p, 5);
	exit(0);
}
