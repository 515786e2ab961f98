/* ++ and -- on elements of associative arrays */

#pragma D option quiet

BEGIN
{
	printf("%d\n", a[1]++);
	printf("%d\n", a[1]++);
	printf("%d\n", ++a[1]);
	printf("%d\n", --a[1]);
	printf("%d\n", a[1]--);
	printf("%d %d\n", a[1], a[2]);
	exit(0);
}
