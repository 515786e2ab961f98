/* tick-1sec */

#pragma D option quiet

tick-1sec
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
