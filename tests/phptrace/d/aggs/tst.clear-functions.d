/* clear of every function */

#pragma D option quiet

BEGIN
{
	@c = count();
	@s = sum(5);
	@v = avg(5);
	@d = stddev(5);
	clear(@c);
	clear(@s);
	clear(@v);
	clear(@d);
	exit(0);
}
