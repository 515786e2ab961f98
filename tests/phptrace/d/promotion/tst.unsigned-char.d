/* unsigned char widens with zeros, signed char with its sign */

#pragma D option quiet

unsigned char u;
signed char c;
char d;

BEGIN
{
	u = 255;
	c = -1;
	d = -1;
	printf("%d\n", u + 0);
	printf("%d\n", c + 0);
	printf("%d\n", d + 0);
	printf("%d\n", u + c);
	printf("%d\n", u * 2);
	printf("%d\n", c * 2);
	printf("%d\n", (int)u << 8);
	printf("%d\n", u - c);
	exit(0);
}
