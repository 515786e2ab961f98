/* stddev() is the root of the mean of the squares less the square of the mean */

#pragma D option quiet

BEGIN
{
	@a = stddev(42);
	exit(0);
}
