/* members of a union share memory */

#pragma D option quiet

union u {
	unsigned long l;
	unsigned int i;
	unsigned short s;
	unsigned char c;
	unsigned char b[8];
};
union u u;

BEGIN
{
	u.l = 0x0102030405060708;
	printf("%x %x %x %x\n", u.i, u.s, u.c, u.b[7]);
	u.c = 0xff;
	printf("%x\n", u.l);
	printf("%d\n", sizeof (u));
	exit(0);
}
