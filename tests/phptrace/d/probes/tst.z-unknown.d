/* with -Z a description may match nothing */
/* options: -Z */

#pragma D option quiet

nosuchprovider:::probe
{
	printf("never\n");
}

BEGIN
{
	printf("begin\n");
	exit(0);
}
