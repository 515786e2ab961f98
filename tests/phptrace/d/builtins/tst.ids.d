/* id is the number of the probe, epid that of the enabling */

#pragma D option quiet

BEGIN
{
	b = id;
	be = epid;
	printf("%d %d\n", b, be > 0);
	exit(0);
}

END
{
	printf("%d %d\n", id, epid != be);
}
