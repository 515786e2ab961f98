/* bcopy moves the bytes of integers */

#pragma D option quiet

BEGIN
{
	this->p = (uint32_t *)alloca(8);
	this->p[0] = 0x01020304;
	this->b = (uint8_t *)alloca(4);
	bcopy(this->p, this->b, 4);
	printf("%d %d %d %d\n", this->b[0], this->b[1], this->b[2], this->b[3]);
	bcopy(this->b, this->p + 1, 4);
	printf("%x\n", this->p[1]);
	exit(0);
}
