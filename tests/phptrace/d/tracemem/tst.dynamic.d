/* the third argument shortens the dump */

#pragma D option quiet

int n;

BEGIN
{
	n = 5;
	this->p = (char *)alloca(32);
	bcopy("<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[", this->p, 32);
	tracemem(this->p, 32, n);
	tracemem(this->p, 32, n * 4);
	exit(0);
}
