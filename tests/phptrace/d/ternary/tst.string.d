/* ?: of strings */

#pragma D option quiet

int x;
string s;

BEGIN
{
	x = 1;
	printf("%s %s\n", x ? "yes" : "no", !x ? "yes" : "no");
	s = x == 2 ? "two" : "not two";
	printf("%s\n", s);
	printf("%s\n", x == 1 ? strjoin("a", "b") : "other");
	printf("%d\n", strlen(x ? "three" : "a"));
	exit(0);
}
