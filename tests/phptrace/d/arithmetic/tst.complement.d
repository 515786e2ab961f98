/* ~ of constants of several widths */

#pragma D option quiet

BEGIN
{
	printf("%d\n", ~0xdead);
	printf("%d\n", ~0xdeadbeef);
	printf("%d\n", ~0xdeadbeefcafe);
	printf("%d\n", ~0);
	printf("%d\n", ~-1);
	exit(0);
}
