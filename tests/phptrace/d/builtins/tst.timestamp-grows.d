/* timestamp never goes back */

#pragma D option quiet

BEGIN
{
	t = timestamp;
	w = walltimestamp;
}

BEGIN
{
	printf("%d %d\n", timestamp >= t, walltimestamp >= w);
	exit(0);
}
