/* freopen() sends what follows to a file */

#pragma D option quiet
#pragma D option destructive

BEGIN
{
	printf("to stdout\n");
	freopen("out.%d", 7);
	printf("to the file\n");
	freopen("");
	printf("to stdout again\n");
	system("cat out.7");
	exit(0);
}
