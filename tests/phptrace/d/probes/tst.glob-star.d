/* the description dtrace:::BEG* */

#pragma D option quiet

dtrace:::BEG*
{
	printf("%s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
	exit(0);
}
