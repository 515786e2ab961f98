/* inet_ntop for both families */

#pragma D option quiet

BEGIN
{
	this->a = (ipaddr_t *)alloca(sizeof (ipaddr_t));
	*this->a = htonl(0x08080404);
	printf("%s\n", inet_ntop(2, this->a));
	this->b = (uint8_t *)alloca(16);
	this->b[15] = 1;
	printf("%s\n", inet_ntop(10, this->b));
	this->b[0] = 0x20;
	this->b[1] = 0x01;
	this->b[2] = 0x0d;
	this->b[3] = 0xb8;
	printf("%s\n", inet_ntop(10, this->b));
	exit(0);
}
