/* %u of a value of type string */

BEGIN
{
	printf("%u", "x");
	exit(0);
}
