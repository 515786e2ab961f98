/* %x of a value of type string */

BEGIN
{
	printf("%x", "x");
	exit(0);
}
