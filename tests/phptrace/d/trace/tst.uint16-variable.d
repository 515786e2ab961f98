/* trace of a uint16_t variable */

uint16_t v;

BEGIN
{
	v = 65000;
	trace(v);
	exit(0);
}
