/* the macros of the process */

#pragma D option quiet

BEGIN
{
	printf("%d\n", $pid > 0);
	printf("%d\n", $ppid > 0);
	printf("%d %d\n", $uid == $euid, $gid == $egid);
	printf("%d\n", $pgid > 0);
	printf("%d\n", $sid >= 0);
	printf("%d\n", $pid == pid);
	exit(0);
}
