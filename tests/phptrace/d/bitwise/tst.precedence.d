/* & before ^ before |, and all after comparison */

#pragma D option quiet

int a;
int b;
int c;

BEGIN
{
	a = 6;
	b = 3;
	c = 5;
	printf("%d\n", a | b & c);
	printf("%d\n", (a | b) & c);
	printf("%d\n", a ^ b & c);
	printf("%d\n", a | b ^ c);
	printf("%d\n", (a ^ b) | c);
	printf("%d\n", a & b == b);
	printf("%d\n", (a & b) == b);
	printf("%d\n", a & b << 1);
	printf("%d\n", ~a & b);
	exit(0);
}
