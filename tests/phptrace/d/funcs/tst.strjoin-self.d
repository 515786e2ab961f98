/* a variable may be joined to itself */

#pragma D option quiet

string s;

BEGIN
{
	s = "ab";
	s = strjoin(s, strjoin(s, s));
	printf("[%s]\n", s);
	exit(0);
}
