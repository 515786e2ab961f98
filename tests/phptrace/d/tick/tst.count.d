/* a tick comes again and again */

#pragma D option quiet

tick-20ms
{
	n++;
	printf("%d\n", n);
}

tick-20ms
/n == 3/
{
	exit(0);
}
