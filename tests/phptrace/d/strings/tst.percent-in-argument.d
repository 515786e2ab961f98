/* a percent sign in an argument is only text */

#pragma D option quiet

string s;

BEGIN
{
	s = "%s%n";
	printf("[%s]\n", "100%d");
	printf("[%s]\n", s);
	exit(0);
}
