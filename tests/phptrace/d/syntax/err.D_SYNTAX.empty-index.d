/* an index without expression */

BEGIN
{
	x = a[];
	exit(0);
}
