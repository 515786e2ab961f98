/* blocks are aligned to eight bytes */

#pragma D option quiet

BEGIN
{
	this->p = alloca(3);
	this->q = alloca(1);
	this->r = alloca(8);
	printf("%d %d %d\n", (uint64_t)this->p & 7, (uint64_t)this->q & 7, (uint64_t)this->r & 7);
	exit(0);
}
