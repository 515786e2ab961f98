/* the description dtrace:::BEG?N */

#pragma D option quiet

dtrace:::BEG?N
{
	printf("%s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
	exit(0);
}
