/* keys are ordered by the sum of the values */

#pragma D option quiet

BEGIN
{
	@["big"] = lquantize(8, 0, 10);
	@["small"] = lquantize(1, 0, 10);
	@["often"] = lquantize(1, 0, 10);
	@["often"] = lquantize(1, 0, 10);
	@["often"] = lquantize(1, 0, 10);
	exit(0);
}
