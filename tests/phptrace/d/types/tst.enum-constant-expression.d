/* enumerators may be computed from others */

#pragma D option quiet

enum {
	ONE = 1,
	FOUR = 1 << 2,
	FIVE = FOUR + 1,
	MASK = 0xf
};

BEGIN
{
	printf("%d %d %d %d\n", ONE, FOUR, FIVE, MASK);
	exit(0);
}
