/* what dynvarsize has no room for is dropped and counted */

/* options: -xdroptags */
#pragma D option quiet
#pragma D option dynvarsize=40

BEGIN
{
	a[1] = 10;
	a[2] = 20;
	a[3] = 30;
}

BEGIN
{
	printf("%d %d %d\n", a[1], a[2], a[3]);
	exit(0);
}
