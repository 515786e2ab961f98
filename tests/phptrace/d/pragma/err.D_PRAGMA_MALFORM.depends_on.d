/* #pragma D depends_on without a name */

#pragma D depends_on provider

BEGIN
{
	exit(0);
}
