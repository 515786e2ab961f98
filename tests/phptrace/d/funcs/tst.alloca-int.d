/* memory from alloca holds what is stored */

#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(8);
	*this->p = 42;
	*(this->p + 1) = -7;
	printf("%d %d %d\n", *this->p, this->p[1], this->p[0] + this->p[1]);
	exit(0);
}
