/* a string variable keeps its own copy */

#pragma D option quiet

string s, t, u;

BEGIN
{
	s = "abc";
	t = s;
	s = "xyz";
	u = strjoin(t, s);
	printf("[%s]\n", t);
	printf("[%s]\n", s);
	printf("[%s]\n", u);
	exit(0);
}
