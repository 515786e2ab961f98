/* what was speculated is dropped on discard */

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

BEGIN
{
	discard(s);
}

BEGIN
{
	printf("real\n");
}

tick-100ms
{
	exit(0);
}
