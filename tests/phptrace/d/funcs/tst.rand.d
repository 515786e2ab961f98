/* rand gives ints that differ */

#pragma D option quiet

BEGIN
{
	x = rand();
	y = rand();
	z = rand();
	printf("%d %d\n", sizeof (rand()), x == y && y == z);
	exit(0);
}
