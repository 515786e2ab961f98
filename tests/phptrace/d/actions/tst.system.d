/* system() runs a command, its output in turn */

#pragma D option quiet
#pragma D option destructive

BEGIN
{
	printf("before\n");
	system("echo %s %d", "hello", 42);
	printf("after\n");
	exit(0);
}
