/* an inline expression is evaluated where it is used */

#pragma D option quiet

int x;
inline int DOUBLE = x * 2;

BEGIN
{
	x = 2;
	printf("%d\n", DOUBLE);
	x = 5;
	printf("%d\n", DOUBLE);
	exit(0);
}
