/* dirname as dirname(1) */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", dirname("/foo/bar/baz"));
	printf("[%s]\n", dirname("/foo/bar///baz/"));
	printf("[%s]\n", dirname("/foo/bar/baz/"));
	printf("[%s]\n", dirname("/foo/bar//baz//"));
	printf("[%s]\n", dirname("/foo"));
	printf("[%s]\n", dirname("/foo/"));
	exit(0);
}
