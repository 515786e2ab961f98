/* a malformed conversion: %**d */

BEGIN
{
	printf("%**d", 1);
	exit(0);
}
