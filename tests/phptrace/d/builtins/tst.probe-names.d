/* the names of the probe */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", probeprov);
	printf("[%s]\n", probemod);
	printf("[%s]\n", probefunc);
	printf("[%s]\n", probename);
	exit(0);
}
