/* the description dtr*:::BEGIN */

#pragma D option quiet

dtr*:::BEGIN
{
	printf("%s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
	exit(0);
}
