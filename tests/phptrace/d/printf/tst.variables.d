/* arguments from variables of every width */

#pragma D option quiet

int8_t c;
int16_t s;
int32_t i;
int64_t l;
uint8_t d;
uint16_t t;
uint32_t j;
uint64_t m;

BEGIN
{
	c = -1;
	s = -2;
	i = -3;
	l = -4;
	d = 1;
	t = 2;
	j = 3;
	m = 4;
	printf("[%d %d %d %d]\n", c, s, i, l);
	printf("[%u %u %u %u]\n", d, t, j, m);
	printf("[%x %x %x %x]\n", c, s, i, l);
	exit(0);
}
