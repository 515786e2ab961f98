/* ++ and -- on a pointer go by the size of what it points to */

#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(16);
	this->q = this->p;
	this->q++;
	printf("%d\n", (uint64_t)this->q - (uint64_t)this->p);
	++this->q;
	printf("%d\n", (uint64_t)this->q - (uint64_t)this->p);
	this->q--;
	printf("%d %d\n", (uint64_t)this->q - (uint64_t)this->p, this->q - this->p);
	exit(0);
}
