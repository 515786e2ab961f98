/* #line without a number */

#line file

BEGIN
{
	exit(0);
}
