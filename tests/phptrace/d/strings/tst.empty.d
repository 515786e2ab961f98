/* the empty string */

#pragma D option quiet

string s;

BEGIN
{
	s = "";
	printf("[%s]\n", "");
	printf("%d\n", strlen(""));
	printf("[%s]\n", s);
	printf("%d\n", s == "");
	printf("[%s]\n", strjoin(s, ""));
	exit(0);
}
