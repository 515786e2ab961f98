/* equal values are ordered by integer key */

#pragma D option quiet

BEGIN
{
	@[30] = count();
	@[4] = count();
	@[100] = count();
	@[0] = count();
	exit(0);
}
