/* ++ and -- wrap in the width of the variable */

#pragma D option quiet

uint8_t c;
int16_t s;
int i;
uint16_t u;

BEGIN
{
	c = 255;
	c++;
	s = 32767;
	s++;
	i = -2147483647;
	i--;
	i--;
	u = 0;
	u--;
	printf("%d %d %d %d\n", c, s, i, u);
	exit(0);
}
