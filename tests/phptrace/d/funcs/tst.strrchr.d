/* strrchr finds the last occurrence */

#pragma D option quiet

string s;

BEGIN
{
	s = "a.b.c";
	printf("[%s]\n", strrchr("fooeyfooey", 'f'));
	printf("[%s]\n", strrchr("fooeyfooey", 'e'));
	printf("[%s]\n", strrchr("/usr/bin/php", '/'));
	printf("[%s]\n", strrchr(s, '.'));
	exit(0);
}
