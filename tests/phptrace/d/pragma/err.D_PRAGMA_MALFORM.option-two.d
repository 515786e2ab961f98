/* #pragma D option with two options */

#pragma D option quiet flowindent

BEGIN
{
	exit(0);
}
