/* memory from alloca starts as zeros */

#pragma D option quiet

BEGIN
{
	this->p = (uint64_t *)alloca(32);
	printf("%d %d %d %d\n", this->p[0], this->p[1], this->p[2], this->p[3]);
	exit(0);
}
