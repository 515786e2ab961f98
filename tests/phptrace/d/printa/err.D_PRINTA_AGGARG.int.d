/* printa of a number */

BEGIN
{
	printa(5);
	exit(0);
}
