/* the result has the promoted type of both sides */

#pragma D option quiet

int i;
int64_t l;
uint8_t c;
int t;

BEGIN
{
	i = -1;
	l = 1;
	c = 200;
	t = 1;
	printf("%d\n", t ? i : l);
	printf("%d\n", (int)sizeof (t ? i : l));
	printf("%d\n", (int)sizeof (t ? c : i));
	printf("%d\n", t ? c : i);
	t ? c : i;
	printf("%d\n", t ? l : i);
	exit(0);
}
