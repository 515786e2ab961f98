/* actions after exit() still run, later clauses as well */

#pragma D option quiet

BEGIN
{
	exit(0);
	printf("after\n");
}
