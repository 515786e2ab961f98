/* no argument for the precision */

BEGIN
{
	printf("%.*s");
	exit(0);
}
