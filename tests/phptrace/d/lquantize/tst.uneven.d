/* a limit that the step does not meet */

#pragma D option quiet

BEGIN
{
	@ = lquantize(0, 0, 10, 3);
	@ = lquantize(9, 0, 10, 3);
	@ = lquantize(10, 0, 10, 3);
	@ = lquantize(11, 0, 10, 3);
	exit(0);
}
