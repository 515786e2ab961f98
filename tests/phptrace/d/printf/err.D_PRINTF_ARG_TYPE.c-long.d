/* %c of a value of type long */

BEGIN
{
	printf("%c", 5l);
	exit(0);
}
