/* a description that matches several probes */

#pragma D option quiet

dtrace:::*N*
{
	printf("%s\n", probename);
}

BEGIN
{
	exit(0);
}
