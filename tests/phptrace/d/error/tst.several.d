/* several faults */

#pragma D option quiet

int zero;

BEGIN
{
	x = 1 / zero;
}

BEGIN
{
	x = *(int *)8;
}

BEGIN
{
	exit(0);
}

ERROR
{
	n++;
	printf("%d %d\n", n, arg4);
}
