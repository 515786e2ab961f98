/* args[] of a probe without arguments */

BEGIN
{
	trace(args[0]);
	exit(0);
}
