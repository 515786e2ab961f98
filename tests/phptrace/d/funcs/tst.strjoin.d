/* strjoin */

#pragma D option quiet

string s, t;

BEGIN
{
	s = "one ";
	t = "two";
	printf("[%s]\n", strjoin("foo", "bar"));
	printf("[%s]\n", strjoin("", ""));
	printf("[%s]\n", strjoin("a", ""));
	printf("[%s]\n", strjoin("", "b"));
	printf("[%s]\n", strjoin(s, t));
	printf("[%s]\n", strjoin(strjoin(s, t), strjoin(t, s)));
	exit(0);
}
