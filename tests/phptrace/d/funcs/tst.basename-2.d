/* basename as basename(1) */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", basename("foo"));
	printf("[%s]\n", basename("foo/"));
	printf("[%s]\n", basename("foo/bar"));
	printf("[%s]\n", basename("foo//bar"));
	printf("[%s]\n", basename("/"));
	printf("[%s]\n", basename("//"));
	exit(0);
}
