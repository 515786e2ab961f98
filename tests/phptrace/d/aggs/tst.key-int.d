/* int keys */

#pragma D option quiet

BEGIN
{
	@[10] = sum(3);
	@[20] = sum(1);
	@[30] = sum(2);
	exit(0);
}
