/* copyin with 1 argument */

BEGIN
{
	p = copyin(0);
	exit(0);
}
