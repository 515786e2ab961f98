/* aggregations as sides of ?: */

int x;

BEGIN
{
	@a = count();
	x ? @a : @a;
	exit(0);
}
