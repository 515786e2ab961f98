/* %d of a value of type string */

BEGIN
{
	printf("%d", "x");
	exit(0);
}
