/* cleanpath takes out //, /./ and /../ */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", cleanpath("/foo/bar"));
	printf("[%s]\n", cleanpath("/foo//bar"));
	printf("[%s]\n", cleanpath("/foo///bar//baz"));
	printf("[%s]\n", cleanpath("/foo/./bar"));
	printf("[%s]\n", cleanpath("/./foo"));
	printf("[%s]\n", cleanpath("/foo/././bar"));
	exit(0);
}
