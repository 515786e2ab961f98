/* addresses of Ethernet and InfiniBand: every digit, and as a key */

#pragma D option quiet

BEGIN
{
	this->b = (uint8_t *)alloca(20);
	printf("%s\n", link_ntop(1, this->b));
	this->b[0] = 0x01;
	this->b[1] = 0x23;
	this->b[2] = 0x45;
	this->b[3] = 0x67;
	this->b[4] = 0x89;
	this->b[5] = 0xab;
	printf("%s\n", link_ntop(ARPHRD_ETHER, this->b));
	this->b[6] = 0xcd;
	this->b[7] = 0xef;
	this->b[19] = 0xff;
	printf("%s\n", link_ntop(ARPHRD_INFINIBAND, this->b));
	printf("%d\n", strlen(link_ntop(1, this->b)));
	@[link_ntop(1, this->b)] = count();
	@[link_ntop(1, this->b)] = count();
	printa("%s %@d\n", @);
	exit(0);
}
