/* a global variable gets the type of the first value assigned */

#pragma D option quiet

BEGIN
{
	a = 1;
	b = 1l;
	c = 'x';
	d = (uint8_t)7;
	e = "text";
	printf("%d %d %d %d %d\n", sizeof (a), sizeof (b), sizeof (c), sizeof (d), sizeof (e));
	printf("%d %d %d %d %s\n", a, b, c, d, e);
	exit(0);
}
