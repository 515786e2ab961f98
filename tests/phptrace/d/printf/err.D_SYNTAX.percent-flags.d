/* a malformed conversion: %5% */

BEGIN
{
	printf("%5%", 1);
	exit(0);
}
