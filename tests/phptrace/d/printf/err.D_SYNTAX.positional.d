/* a malformed conversion: %1$d */

BEGIN
{
	printf("%1$d", 1);
	exit(0);
}
