/* a malformed conversion: % */

BEGIN
{
	printf("%", 1);
	exit(0);
}
