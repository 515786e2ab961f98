/* trace of a int32_t variable */

int32_t v;

BEGIN
{
	v = -50000;
	trace(v);
	exit(0);
}
