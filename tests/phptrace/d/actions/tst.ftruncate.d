/* ftruncate() empties the output file */

#pragma D option quiet
#pragma D option destructive

BEGIN
{
	freopen("out");
	printf("one\n");
	ftruncate();
	printf("two\n");
	freopen("");
	system("cat out");
	exit(0);
}
