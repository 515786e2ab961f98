/* trunc() of a number */

BEGIN
{
	trunc(5);
	exit(0);
}
