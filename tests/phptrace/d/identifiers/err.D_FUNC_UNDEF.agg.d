/* an unknown aggregating function */

BEGIN
{
	@ = nosuch(1);
	exit(0);
}
