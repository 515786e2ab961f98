/* a pointer to a pointer */

#pragma D option quiet

BEGIN
{
	this->v = (int *)alloca(4);
	*this->v = 6;
	this->p = (int **)alloca(8);
	*this->p = this->v;
	printf("%d\n", *this->p == this->v);
	exit(0);
}
