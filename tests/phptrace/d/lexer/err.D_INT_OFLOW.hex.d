/* a hexadecimal constant above 64 bits */

BEGIN
{
	x = 0x10000000000000000;
	exit(0);
}
