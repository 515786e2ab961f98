/* %ld of a value of type int */

BEGIN
{
	printf("%ld", 5);
	exit(0);
}
