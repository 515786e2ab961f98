/* int with unsigned gives unsigned */

#pragma D option quiet

int i;
unsigned int u;

BEGIN
{
	i = -1;
	u = 1;
	printf("%d\n", i + u);
	printf("%d\n", i - u);
	printf("%d\n", i * u);
	printf("%d\n", u - 2);
	printf("%d\n", i & u);
	printf("%d\n", i | u);
	printf("%d\n", i ^ u);
	exit(0);
}
