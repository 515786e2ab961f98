/* depends_on of a provider that is not there */

#pragma D depends_on provider nosuchprovider

BEGIN
{
	exit(0);
}
