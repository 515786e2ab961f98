/* %Y of a value of type int */

BEGIN
{
	printf("%Y", 5);
	exit(0);
}
