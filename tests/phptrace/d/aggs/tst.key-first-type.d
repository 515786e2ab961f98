/* the first use gives the types of the keys */

#pragma D option quiet

BEGIN
{
	@[(int16_t)1, 2] = count();
	@[(int64_t)1, 2] = count();
	exit(0);
}
