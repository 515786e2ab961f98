/* trace of uint8_t */

BEGIN
{
	trace((uint8_t)250);
	exit(0);
}
