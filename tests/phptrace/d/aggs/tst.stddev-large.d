/* stddev() is the root of the mean of the squares less the square of the mean */

#pragma D option quiet

BEGIN
{
	@a = stddev(1000000000);
	@a = stddev(3000000000);
	exit(0);
}
