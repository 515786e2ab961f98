/* what alloca gave can be written as another type */

#pragma D option quiet

BEGIN
{
	this->p = alloca(8);
	*(uint64_t *)this->p = 0x1122334455667788;
	*(uint16_t *)this->p = 0xabcd;
	((char *)this->p)[7] = 'A';
	printf("%x\n", *(uint64_t *)this->p);
	exit(0);
}
