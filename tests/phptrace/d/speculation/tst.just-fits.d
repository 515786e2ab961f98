/* a record with its header of 8 bytes fits */

#pragma D option quiet
#pragma D option specsize=24

BEGIN
{
	number = speculation();
}

BEGIN
{
	speculate(number);
	printf("%d %d\n", (long long)1, (long long)2);
}

BEGIN
{
	commit(number);
}

BEGIN
{
	exit(0);
}
