/* byte order functions of variables */

#pragma D option quiet

uint16_t w;
uint32_t u;
uint64_t l;

BEGIN
{
	w = 0x0102;
	u = 0x01020304;
	l = 0x0102030405060708;
	printf("%x\n", htons(w));
	printf("%x\n", htonl(u));
	printf("%x\n", htonll(l));
	exit(0);
}
