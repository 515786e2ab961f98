/* tick-100ms */

#pragma D option quiet

tick-100ms
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
