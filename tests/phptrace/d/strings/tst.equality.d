/* == and != of strings */

#pragma D option quiet

string s, t;

BEGIN
{
	s = "abc";
	t = "abcd";
	printf("%d\n", "abc" == "abc");
	printf("%d\n", "abc" == "abd");
	printf("%d\n", "abc" != "abd");
	printf("%d\n", "" == "");
	printf("%d\n", "a" == "");
	printf("%d\n", s == "abc");
	printf("%d\n", "abc" == s);
	printf("%d\n", s == t);
	printf("%d\n", s != t);
	exit(0);
}
