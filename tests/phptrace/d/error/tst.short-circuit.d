/* what is not evaluated does not fail */

#pragma D option quiet

int zero;

BEGIN
{
	printf("%d\n", zero && 1 / zero);
	printf("%d\n", zero ? 1 / zero : 9);
	printf("%d\n", 1 || *(int *)0);
	exit(0);
}
