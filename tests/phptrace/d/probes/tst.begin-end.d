/* BEGIN first, END last */

BEGIN
{
	exit(0);
}

END
{
}
