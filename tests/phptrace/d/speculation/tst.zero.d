/* speculate, commit and discard of 0 do nothing */

#pragma D option quiet

BEGIN
{
	speculate(0);
	printf("never\n");
}

BEGIN
{
	commit(0);
}

BEGIN
{
	discard(0);
}

BEGIN
{
	printf("real\n");
	exit(0);
}
