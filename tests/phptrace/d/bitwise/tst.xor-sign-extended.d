/* ^ of a narrow negative value and a wide one */

#pragma D option quiet

int8_t c;
int64_t l;
uint8_t u;

BEGIN
{
	c = -2;
	l = 0x1234567890abcdef;
	u = 0xfe;
	printf("%d\n", c ^ l);
	printf("%d\n", u ^ l);
	printf("%d\n", l ^ c);
	printf("%d\n", c ^ u);
	exit(0);
}
