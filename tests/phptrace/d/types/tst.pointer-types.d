/* one memory through pointers of several types */

#pragma D option quiet

BEGIN
{
	this->p = (uint64_t *)alloca(8);
	*this->p = 0x8877665544332211;
	this->c = (uint8_t *)this->p;
	this->s = (int16_t *)this->p;
	this->i = (int32_t *)this->p;
	printf("%x %x %x %x\n", this->c[0], this->c[7], *this->s, this->i[0]);
	printf("%d %d\n", this->s[3], this->i[1]);
	exit(0);
}
