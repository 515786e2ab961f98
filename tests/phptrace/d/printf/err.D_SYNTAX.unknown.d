/* a malformed conversion: %y */

BEGIN
{
	printf("%y", 1);
	exit(0);
}
