/* %% is a percent sign */

#pragma D option quiet

BEGIN
{
	printf("[100%%]\n");
	printf("[%%d]\n");
	printf("[%d%%]\n", 50);
	printf("[%%%s%%]\n", "x");
	exit(0);
}
