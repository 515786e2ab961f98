/* the size of an expression is that of the operand of the greater rank */

#pragma D option quiet

int8_t c;
int16_t s;
int i;
int64_t l;
uint8_t u;
uint32_t v;

BEGIN
{
	c = 1;
	s = 1;
	i = 1;
	l = 1;
	u = 1;
	v = 1;
	printf("%d\n", (int)sizeof (c + c));
	printf("%d\n", (int)sizeof (c + s));
	printf("%d\n", (int)sizeof (s * s));
	printf("%d\n", (int)sizeof (i + c));
	printf("%d\n", (int)sizeof (l + c));
	printf("%d\n", (int)sizeof (c + l));
	printf("%d\n", (int)sizeof (u + u));
	printf("%d\n", (int)sizeof (v + i));
	printf("%d\n", (int)sizeof (v + l));
	printf("%d\n", (int)sizeof (i / c));
	printf("%d\n", (int)sizeof (l % i));
	printf("%d\n", (int)sizeof (c & c));
	printf("%d\n", (int)sizeof (s | l));
	printf("%d\n", (int)sizeof (c ? c : l));
	exit(0);
}
