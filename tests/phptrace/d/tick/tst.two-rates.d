/* the faster of two ticks comes more often */

#pragma D option quiet

tick-10ms
{
	fast++;
}

tick-200ms
{
	printf("%d\n", fast > 5);
	exit(0);
}
