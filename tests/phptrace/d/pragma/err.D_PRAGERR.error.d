/* #error */

#error this is wrong

BEGIN
{
	exit(0);
}
