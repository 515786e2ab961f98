/* cleanpath takes out //, /./ and /../ */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", cleanpath("/foo/.bar"));
	printf("[%s]\n", cleanpath("/foo/bar./baz"));
	printf("[%s]\n", cleanpath("/foo/bar../baz"));
	printf("[%s]\n", cleanpath("/a/b/c/../d/./e//f"));
	exit(0);
}
