/* basename as basename(1) */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", basename("/foo/bar/baz"));
	printf("[%s]\n", basename("/foo/bar///baz/"));
	printf("[%s]\n", basename("/foo/bar/baz/"));
	printf("[%s]\n", basename("/foo/bar//baz//"));
	printf("[%s]\n", basename("/foo"));
	printf("[%s]\n", basename("/foo/"));
	exit(0);
}
