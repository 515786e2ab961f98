/* printa of a number with a format */

BEGIN
{
	printa("%@d", 5);
	exit(0);
}
