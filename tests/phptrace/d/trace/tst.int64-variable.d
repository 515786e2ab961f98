/* trace of a int64_t variable */

int64_t v;

BEGIN
{
	v = -5000000000;
	trace(v);
	exit(0);
}
