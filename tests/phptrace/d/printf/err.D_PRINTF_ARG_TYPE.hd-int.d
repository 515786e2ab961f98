/* %hd of a value of type int */

BEGIN
{
	printf("%hd", 5);
	exit(0);
}
