/* data recorded before the fault are not printed */

#pragma D option quiet

int zero;

BEGIN
{
	printf("before\n");
	x = 1 / zero;
}

BEGIN
{
	printf("next\n");
	exit(0);
}
