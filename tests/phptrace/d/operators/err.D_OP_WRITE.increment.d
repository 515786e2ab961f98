/* ++ of a built-in variable */

BEGIN
{
	timestamp++;
	exit(0);
}
