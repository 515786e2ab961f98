/* tick-10hz */

#pragma D option quiet

tick-10hz
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
