/* END sees the values of the globals */

#pragma D option quiet

BEGIN
{
	n = 12;
	s = "twelve";
	exit(0);
}

END
{
	printf("%s %d\n", s, n);
}
