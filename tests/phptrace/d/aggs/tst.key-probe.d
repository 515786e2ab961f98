/* the probe's names as keys */

#pragma D option quiet

BEGIN
{
	@[probeprov, probename] = count();
	exit(0);
}
