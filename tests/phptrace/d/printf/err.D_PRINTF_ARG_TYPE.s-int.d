/* %s of a value of type int */

BEGIN
{
	printf("%s", 5);
	exit(0);
}
