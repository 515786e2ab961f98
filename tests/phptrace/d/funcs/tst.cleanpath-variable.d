/* cleanpath of joined strings */

#pragma D option quiet

string s;

BEGIN
{
	s = "/a/b";
	printf("[%s]\n", cleanpath(strjoin(s, "/../c")));
	printf("[%s]\n", basename(cleanpath(strjoin(s, "/.//x"))));
	exit(0);
}
