/* a line and a part */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(32);
	bcopy("<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[", this->p, 32);
	tracemem(this->p, 20);
	exit(0);
}
