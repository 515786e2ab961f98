/* %f of a value of type int */

BEGIN
{
	printf("%f", 5);
	exit(0);
}
