/* the time between two ticks */

#pragma D option quiet

uint64_t last;

tick-100ms
/last/
{
	d = timestamp - last;
	printf("%d\n", d > 50000000 && d < 1000000000);
	exit(0);
}

tick-100ms
{
	last = timestamp;
}
