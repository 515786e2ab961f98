/* the description dtrace:::[!E]EGIN */

#pragma D option quiet

dtrace:::[!E]EGIN
{
	printf("%s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
	exit(0);
}
