/* rows of END follow */

BEGIN
{
	trace("begin");
	exit(0);
}

END
{
	trace("end");
}
