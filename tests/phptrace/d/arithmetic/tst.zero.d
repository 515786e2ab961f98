/* zero as operand */

#pragma D option quiet

int z;
int a;

BEGIN
{
	z = 0;
	a = 9;
	printf("%d\n", z + a);
	printf("%d\n", a + z);
	printf("%d\n", z - a);
	printf("%d\n", z * a);
	printf("%d\n", z / a);
	printf("%d\n", z % a);
	printf("%d\n", -z);
	printf("%d\n", z - z);
	exit(0);
}
