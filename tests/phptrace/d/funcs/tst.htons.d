/* byte order of 16 bits */

#pragma D option quiet

BEGIN
{
	printf("%x\n", htons(0x1234));
	printf("%x\n", ntohs(0x1234));
	printf("%x\n", htons(0));
	printf("%x\n", htons(0xff));
	printf("%x\n", ntohs(htons(0xbeef)));
	printf("%d\n", sizeof (htons(1)));
	exit(0);
}
