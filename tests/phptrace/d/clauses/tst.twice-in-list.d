/* a probe named twice fires twice */

#pragma D option quiet

BEGIN,
BEGIN
{
	printf("%s\n", probename);
}

BEGIN
{
	exit(0);
}
