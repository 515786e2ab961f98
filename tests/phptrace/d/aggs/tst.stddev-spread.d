/* stddev() is the root of the mean of the squares less the square of the mean */

#pragma D option quiet

BEGIN
{
	@a = stddev(1);
	@a = stddev(100);
	@a = stddev(10000);
	exit(0);
}
