/* tick-100000000nsec */

#pragma D option quiet

tick-100000000nsec
{
	printf("%s:%s\n", probeprov, probename);
	exit(0);
}
