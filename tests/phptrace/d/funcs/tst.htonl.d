/* byte order of 32 bits */

#pragma D option quiet

BEGIN
{
	printf("%x\n", htonl(0x12345678));
	printf("%x\n", ntohl(0x12345678));
	printf("%x\n", htonl(1));
	printf("%x\n", ntohl(htonl(0xdeadbeef)));
	printf("%d\n", sizeof (htonl(1)));
	exit(0);
}
