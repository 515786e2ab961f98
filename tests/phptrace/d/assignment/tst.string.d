/* assignment copies strings */

#pragma D option quiet

string s, t;

BEGIN
{
	s = "one";
	t = s;
	s = "two";
	printf("%s %s\n", s, t);
	t = strjoin(s, t);
	printf("%s\n", t);
	s = "";
	printf("[%s]\n", s);
	exit(0);
}
