/* conversions of keys */

#pragma D option quiet

BEGIN
{
	@a["s", 255, 10l, 'c'] = count();
	printa("%s %x %d %c %@d\n", @a);
	exit(0);
}
