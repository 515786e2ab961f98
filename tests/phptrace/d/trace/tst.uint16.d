/* trace of uint16_t */

BEGIN
{
	trace((uint16_t)65000);
	exit(0);
}
