/* tick-10 */

#pragma D option quiet

tick-10
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
