/* keys are ordered by the sum of the values */

#pragma D option quiet

BEGIN
{
	@["big"] = quantize(8);
	@["small"] = quantize(1);
	@["often"] = quantize(1);
	@["often"] = quantize(1);
	@["often"] = quantize(1);
	exit(0);
}
