/* %c of a value of type string */

BEGIN
{
	printf("%c", "x");
	exit(0);
}
