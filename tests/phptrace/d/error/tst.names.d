/* probename in ERROR */

#pragma D option quiet

BEGIN
{
	x = *(int *)0;
}

ERROR
{
	printf("%s %d\n", probename, arg1 > 0);
	exit(0);
}
