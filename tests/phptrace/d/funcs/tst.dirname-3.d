/* dirname as dirname(1) */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", dirname("."));
	printf("[%s]\n", dirname(".."));
	printf("[%s]\n", dirname("../foo"));
	printf("[%s]\n", dirname("/a"));
	printf("[%s]\n", dirname("a/b/c/d"));
	printf("[%s]\n", dirname("/foo/.bar"));
	exit(0);
}
