/* assignment cuts the value to the type of the variable */

#pragma D option quiet

int8_t c;
int16_t s;
int32_t i;
uint8_t u;
uint16_t w;

BEGIN
{
	c = 300;
	s = 70000;
	i = 5000000000;
	u = 256 + 65;
	w = 65536 + 3;
	printf("%d %d %d %d %d\n", c, s, i, u, w);
	c = 128;
	printf("%d\n", c);
	u = -1;
	w = -1;
	printf("%d %d\n", u, w);
	exit(0);
}
