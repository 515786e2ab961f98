/* ustack(0) */

BEGIN
{
	ustack(0);
	exit(0);
}
