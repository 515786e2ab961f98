/* printa of avg, min, max and stddev */

#pragma D option quiet

BEGIN
{
	@v = avg(3);
	@v = avg(6);
	@i = min(3);
	@x = max(6);
	@d = stddev(3);
	@d = stddev(9);
	printa("%@d ", @v);
	printa("%@d ", @i);
	printa("%@d ", @x);
	printa("%@d\n", @d);
	exit(0);
}
