/* an index beyond an array is a fault */

#pragma D option quiet

int a[5];
int i;

BEGIN
{
	i = 5;
	a[i] = 1;
	exit(1);
}

ERROR
{
	printf("error\n");
	exit(0);
}
