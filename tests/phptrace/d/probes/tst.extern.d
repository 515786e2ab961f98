/* declarations of what is elsewhere */

#pragma D option quiet

extern int e, *ep, **epp;

BEGIN
{
	printf("declared\n");
	exit(0);
}
