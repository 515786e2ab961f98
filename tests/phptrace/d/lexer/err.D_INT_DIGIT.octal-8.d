/* the digit 8 in an octal constant */

BEGIN
{
	x = 08;
	exit(0);
}
