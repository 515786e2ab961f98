/* $target is the process of -c */
/* trigger: sleep 1 */

#pragma D option quiet

BEGIN
{
	printf("%d %d\n", $target > 0, $target != $pid);
	exit(0);
}
