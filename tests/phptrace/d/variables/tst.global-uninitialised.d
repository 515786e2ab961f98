/* global variables start at 0 and "" */

#pragma D option quiet

int a;
int64_t b;
uint8_t c;
string s;

BEGIN
{
	printf("%d %d %d [%s]\n", a, b, c, s);
	a++;
	printf("%d\n", a);
	exit(0);
}
