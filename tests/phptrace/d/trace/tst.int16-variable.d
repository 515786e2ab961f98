/* trace of a int16_t variable */

int16_t v;

BEGIN
{
	v = -500;
	trace(v);
	exit(0);
}
