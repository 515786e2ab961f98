/* #pragma D depends_on of a provider that is there */

#pragma D option quiet
#pragma D depends_on provider dtrace

BEGIN
{
	printf("a\n");
	exit(0);
}
