/* the digit 9 in an octal constant */

BEGIN
{
	x = 0190;
	exit(0);
}
