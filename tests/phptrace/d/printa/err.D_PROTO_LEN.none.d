/* printa without arguments */

BEGIN
{
	printa();
	exit(0);
}
