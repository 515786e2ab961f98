/* %d of a value of type string */

BEGIN
{
	printf("%d %d", 1, "x");
	exit(0);
}
