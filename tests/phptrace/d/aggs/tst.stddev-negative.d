/* stddev() is the root of the mean of the squares less the square of the mean */

#pragma D option quiet

BEGIN
{
	@a = stddev(-10);
	@a = stddev(10);
	@a = stddev(-20);
	@a = stddev(20);
	exit(0);
}
