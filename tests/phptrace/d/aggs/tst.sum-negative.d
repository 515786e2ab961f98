/* a sum may be negative */

#pragma D option quiet

BEGIN
{
	@ = sum(-5);
	@ = sum(2);
	exit(0);
}
