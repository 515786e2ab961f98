/* trace of a int8_t variable */

int8_t v;

BEGIN
{
	v = -5;
	trace(v);
	exit(0);
}
