/* enumerators print as integers */

#pragma D option quiet

enum e {
	ONE = 1,
	TWO
};
enum e e;

BEGIN
{
	e = TWO;
	printf("[%d %d]\n", ONE, TWO);
	printf("[%x]\n", e);
	printf("[%u]\n", (int)ONE + 1);
	exit(0);
}
