/* printa with a format only */

BEGIN
{
	printa("%@d");
	exit(0);
}
