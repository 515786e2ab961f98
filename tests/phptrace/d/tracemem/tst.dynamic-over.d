/* a third argument above the second changes nothing */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(32);
	bcopy("<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[", this->p, 32);
	tracemem(this->p, 16, 100);
	exit(0);
}
