/* pointer arithmetic goes by the size of the type */

#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(16);
	this->q = this->p + 3;
	printf("%d %d\n", (uint64_t)this->q - (uint64_t)this->p, this->q - this->p);
	this->q -= 2;
	printf("%d\n", this->q - this->p);
	printf("%d %d %d\n", this->q > this->p, this->p == this->q - 1, this->p != this->q);
	*this->q = 5;
	printf("%d %d %d\n", this->p[1], *(this->p + 1), *(1 + this->p));
	exit(0);
}
