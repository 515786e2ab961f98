/* pointers are operands of the logical operators */

#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(4);
	this->q = (int *)0;
	printf("%d %d %d %d\n", this->p && 1, this->q && 1, this->q || 0, !this->q);
	exit(0);
}
