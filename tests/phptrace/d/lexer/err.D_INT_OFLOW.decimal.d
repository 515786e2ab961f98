/* a decimal constant above 64 bits */

BEGIN
{
	x = 18446744073709551616;
	exit(0);
}
