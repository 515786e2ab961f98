/* normalize of count, min, max and avg */

#pragma D option quiet

BEGIN
{
	@c = count();
	@c = count();
	@c = count();
	@i = min(70);
	@x = max(99);
	@v = avg(50);
	normalize(@c, 2);
	normalize(@i, 10);
	normalize(@x, 10);
	normalize(@v, 10);
	exit(0);
}
