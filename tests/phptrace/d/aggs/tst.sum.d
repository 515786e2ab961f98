/* sum() adds signed values */

#pragma D option quiet

BEGIN
{
	@ = sum(5);
	@ = sum(-7);
	@ = sum(10000000000);
	exit(0);
}
