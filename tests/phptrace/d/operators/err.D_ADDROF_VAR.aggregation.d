/* the address of an aggregation */

BEGIN
{
	@a = count();
	p = &@a;
	exit(0);
}
