/* an unknown function */

BEGIN
{
	x = nosuch(1);
	exit(0);
}
