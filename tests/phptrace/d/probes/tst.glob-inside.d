/* the description dtrace:::B*N */

#pragma D option quiet

dtrace:::B*N
{
	printf("%s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
	exit(0);
}
