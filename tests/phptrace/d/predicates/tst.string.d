/* predicates that compare strings */

#pragma D option quiet

string s;

BEGIN
{
	s = "abc";
}

BEGIN
/s == "abc"/
{
	printf("1\n");
}

BEGIN
/s != "abc"/
{
	printf("2\n");
}

BEGIN
/probename == "BEGIN"/
{
	printf("3\n");
}

BEGIN
/probename == "END"/
{
	printf("4\n");
}

BEGIN
/strlen(s) == 3/
{
	printf("5\n");
}

BEGIN
/strstr(s, "bc") != NULL/
{
	printf("6\n");
}

BEGIN
{
	exit(0);
}
