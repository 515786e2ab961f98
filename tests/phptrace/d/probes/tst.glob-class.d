/* the description dtrace:::[A-C]EGIN */

#pragma D option quiet

dtrace:::[A-C]EGIN
{
	printf("%s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
	exit(0);
}
