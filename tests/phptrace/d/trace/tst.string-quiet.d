/* trace of a string when quiet */

#pragma D option quiet

BEGIN
{
	trace("hello world");
	exit(0);
}
