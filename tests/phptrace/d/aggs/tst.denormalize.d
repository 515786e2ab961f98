/* denormalize takes it back */

#pragma D option quiet

BEGIN
{
	@a = sum(100);
	normalize(@a, 10);
	denormalize(@a);
	exit(0);
}
