/* two indices of args[] */

BEGIN
{
	trace(args[0, 1]);
	exit(0);
}
