/* a clause without statements shows its probe */

BEGIN
{
}

BEGIN
{
	exit(0);
}
