/* an argument that was not given */

BEGIN
{
	x = $1;
	exit(0);
}
