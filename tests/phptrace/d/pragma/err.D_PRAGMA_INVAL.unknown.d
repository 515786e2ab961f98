/* an unknown pragma for D */

#pragma D bogus

BEGIN
{
	exit(0);
}
