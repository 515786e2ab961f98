/* IPv6 addresses: the longest run of zeros, IPv4 within */

#pragma D option quiet

BEGIN
{
	this->b = (uint8_t *)alloca(16);
	printf("%s\n", inet_ntop(10, this->b));
	this->b[10] = 255;
	this->b[11] = 255;
	this->b[12] = 192;
	this->b[14] = 32;
	this->b[15] = 10;
	printf("%s\n", inet_ntop(10, this->b));
	this->b[0] = 0xfe;
	this->b[1] = 0x80;
	printf("%s\n", inet_ntop(10, this->b));
	this->b[3] = 1;
	this->b[5] = 2;
	this->b[7] = 3;
	this->b[9] = 4;
	printf("%s\n", inet_ntop(10, this->b));
	this->b[12] = 0;
	this->b[14] = 0;
	this->b[15] = 0;
	printf("%s\n", inet_ntop(10, this->b));
	exit(0);
}
