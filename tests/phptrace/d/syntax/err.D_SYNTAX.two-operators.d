/* two binary operators side by side */

BEGIN
{
	x = 1 * / 2;
	exit(0);
}
