/* trace of a uint8_t variable */

uint8_t v;

BEGIN
{
	v = 250;
	trace(v);
	exit(0);
}
