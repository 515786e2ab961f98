/* tick-100000usec */

#pragma D option quiet

tick-100000usec
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
