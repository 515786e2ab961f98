/* ustack with three arguments */

BEGIN
{
	ustack(1, 2, 3);
	exit(0);
}
