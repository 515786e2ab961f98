/* tick-100000000ns */

#pragma D option quiet

tick-100000000ns
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
