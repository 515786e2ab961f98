/* byte order of 64 bits */

#pragma D option quiet

BEGIN
{
	printf("%x\n", htonll(0x123456789abcdef0));
	printf("%x\n", ntohll(0x123456789abcdef0));
	printf("%x\n", htonll(1));
	printf("%x\n", ntohll(htonll(0xdeadbeef12345678)));
	printf("%d\n", sizeof (htonll(1)));
	exit(0);
}
