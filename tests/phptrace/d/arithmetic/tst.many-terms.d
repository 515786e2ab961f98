/* more live values than a register file has */

#pragma D option quiet

int64_t a;
int64_t b;
int64_t c;
int64_t d;
int64_t e;
int64_t f;
int64_t g;
int64_t h;

BEGIN
{
	a = 1;
	b = 2;
	c = 3;
	d = 4;
	e = 5;
	f = 6;
	g = 7;
	h = 8;
	printf("%d\n", a + (b + (c + (d + (e + (f + (g + h)))))));
	printf("%d\n", (a * b) + (c * d) + (e * f) + (g * h));
	printf("%d\n", ((a + b) * (c + d)) - ((e + f) * (g + h)));
	printf("%d\n", a * (b + c * (d + e * (f + g * (h + 1)))));
	printf("%d\n", (((a - b) - (c - d)) - ((e - f) - (g - h))) * (((a + h) + (b + g)) + ((c + f) + (d + e))));
	exit(0);
}
