/* a malformed conversion: %5.2.1d */

BEGIN
{
	printf("%5.2.1d", 1);
	exit(0);
}
