/* tick-100msec */

#pragma D option quiet

tick-100msec
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
