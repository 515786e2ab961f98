/* what is neither committed nor discarded is not printed */

#pragma D option quiet

BEGIN
{
	s = speculation();
}

BEGIN
{
	speculate(s);
	printf("speculative\n");
}

tick-100ms
{
	exit(0);
}
