/* a provider alone stands for all its probes */

#pragma D option quiet

dtrace:::
{
	printf("%s\n", probename);
}

BEGIN
{
	exit(0);
}
