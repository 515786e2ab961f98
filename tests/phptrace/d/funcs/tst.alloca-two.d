/* two blocks are apart */

#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(4);
	this->q = (int *)alloca(4);
	*this->p = 1;
	*this->q = 2;
	printf("%d %d %d\n", *this->p, *this->q, this->p == this->q);
	exit(0);
}
