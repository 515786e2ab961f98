/* probes other than END do not fire after exit */

#pragma D option quiet

BEGIN
{
	exit(0);
}

tick-1ms
{
	printf("tick\n");
}

END
{
	printf("end\n");
}
