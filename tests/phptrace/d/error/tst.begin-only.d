/* a clause after the fault in another probe */

#pragma D option quiet

int zero;

tick-10ms
{
	x = 1 / zero;
}

tick-10ms
{
	printf("next\n");
	exit(0);
}
