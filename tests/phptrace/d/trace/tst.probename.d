/* trace of the names of the probe */

BEGIN
{
	trace(probeprov);
	trace(probename);
	exit(0);
}
