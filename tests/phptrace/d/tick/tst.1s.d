/* tick-1s */

#pragma D option quiet

tick-1s
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
