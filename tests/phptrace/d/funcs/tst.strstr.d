/* strstr finds a part of a string */

#pragma D option quiet

string s;

BEGIN
{
	s = "a.b.c";
	printf("[%s]\n", strstr("fooeyfooey", "ey"));
	printf("[%s]\n", strstr("fooeyfooey", "foo"));
	printf("[%s]\n", strstr("fooeyfooey", "eyf"));
	printf("[%s]\n", strstr("abcabcabd", "abcabd"));
	printf("[%s]\n", strstr("abc", ""));
	printf("[%s]\n", strstr(s, "b"));
	exit(0);
}
