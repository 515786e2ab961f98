/* a pragma after the clauses holds for all */

BEGIN
{
	printf("quiet\n");
	exit(0);
}

#pragma D option quiet
