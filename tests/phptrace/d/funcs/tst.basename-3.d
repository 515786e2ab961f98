/* basename as basename(1) */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", basename("."));
	printf("[%s]\n", basename(".."));
	printf("[%s]\n", basename("../foo"));
	printf("[%s]\n", basename("/a"));
	printf("[%s]\n", basename("a/b/c/d"));
	printf("[%s]\n", basename("/foo/.bar"));
	exit(0);
}
