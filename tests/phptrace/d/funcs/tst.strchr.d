/* strchr finds the first occurrence */

#pragma D option quiet

string s;

BEGIN
{
	s = "a.b.c";
	printf("[%s]\n", strchr("fooeyfooey", 'f'));
	printf("[%s]\n", strchr("fooeyfooey", 'e'));
	printf("[%s]\n", strchr("fooeyfooey", 'y'));
	printf("[%s]\n", strchr(s, '.'));
	printf("[%s]\n", strchr("/path/to", '/'));
	exit(0);
}
