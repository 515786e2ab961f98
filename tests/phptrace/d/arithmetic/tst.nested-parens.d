/* parentheses nest deeply */

#pragma D option quiet

int a;

BEGIN
{
	a = 1;
	printf("%d\n", ((((((((((a)))))))))));
	printf("%d\n", (1 + (2 + (3 + (4 + (5 + (6 + (7 + (8 + (9 + a))))))))));
	printf("%d\n", (((1 + 2) * (3 + 4)) - ((5 + 6) * (7 - 8))));
	exit(0);
}
