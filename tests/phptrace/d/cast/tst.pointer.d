/* casts between integers and pointers */

#pragma D option quiet

BEGIN
{
	this->p = (int *)0x1234;
	printf("%x\n", (uint64_t)this->p);
	printf("%x\n", (uint64_t)(char *)this->p + 1);
	printf("%x\n", (uint64_t)(this->p + 1));
	printf("%x\n", (uint64_t)((char *)this->p + 1));
	printf("%d\n", (int *)0 == 0);
	exit(0);
}
