/* keys by pid and probe */

#pragma D option quiet

BEGIN
{
	a[pid, tid] = 1;
	a[pid, tid]++;
	printf("%d %d\n", a[pid, tid], a[pid, 0]);
	exit(0);
}
