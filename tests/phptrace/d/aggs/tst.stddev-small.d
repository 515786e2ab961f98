/* stddev() is the root of the mean of the squares less the square of the mean */

#pragma D option quiet

BEGIN
{
	@a = stddev(5);
	@a = stddev(5);
	@a = stddev(5);
	@a = stddev(10);
	exit(0);
}
