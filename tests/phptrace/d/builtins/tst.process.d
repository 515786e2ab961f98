/* the tool's own ids */

#pragma D option quiet

BEGIN
{
	printf("%d\n", pid == $pid);
	printf("%d\n", ppid == $ppid);
	printf("%d\n", uid == $uid);
	printf("%d\n", gid == $gid);
	printf("%d\n", tid > 0);
	printf("%d\n", strlen(execname) > 0);
	exit(0);
}
