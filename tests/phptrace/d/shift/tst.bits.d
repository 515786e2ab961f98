/* extracting fields */

#pragma D option quiet

uint64_t v;

BEGIN
{
	v = 0x123456789abcdef0;
	printf("%d\n", (v >> 60) & 0xf);
	printf("%d\n", (v >> 32) & 0xffff);
	printf("%d\n", v & 0xff);
	printf("%d\n", (v >> 4) & 0xff);
	printf("%d\n", (v << 8) >> 56);
	printf("%d\n", (v >> 48) << 4);
	exit(0);
}
