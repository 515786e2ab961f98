/* a precision that is no integer */

BEGIN
{
	printf("%.*s", "5", "x");
	exit(0);
}
