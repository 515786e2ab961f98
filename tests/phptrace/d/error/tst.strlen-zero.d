/* strlen of 0 is a fault */

#pragma D option quiet

BEGIN
{
	x = strlen(0);
	exit(1);
}

ERROR
{
	exit(0);
}
