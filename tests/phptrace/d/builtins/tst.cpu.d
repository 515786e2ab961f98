/* the number of the processor */

#pragma D option quiet

BEGIN
{
	printf("%d\n", cpu < 4096);
	printf("%d\n", cpu >= 0);
	exit(0);
}
