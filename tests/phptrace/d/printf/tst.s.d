/* %s */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", "hello");
	printf("[%s]\n", "");
	printf("[%s%s]\n", "a", "b");
	printf("[%s %s]\n", "one", "two");
	exit(0);
}
