/* two pairs of brackets */

BEGIN
{
	@a[1][2] = count();
	exit(0);
}
