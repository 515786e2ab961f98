/* tick-100000us */

#pragma D option quiet

tick-100000us
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
