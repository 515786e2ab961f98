/* unary operators bind before binary ones */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = 6;
	b = 4;
	printf("%d\n", -a * b);
	printf("%d\n", -a - -b);
	printf("%d\n", ~a + 1);
	printf("%d\n", -~a);
	printf("%d\n", ~-a);
	printf("%d\n", (!a) + 1);
	printf("%d\n", - a % b);
	printf("%d\n", -a / b);
	exit(0);
}
