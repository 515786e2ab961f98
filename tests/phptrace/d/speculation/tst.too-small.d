/* a speculation holds no more than specsize: what does not fit is dropped with the rest of its clause */

#pragma D option quiet
#pragma D option specsize=23

int kept;

BEGIN
{
	number = speculation();
}

BEGIN
{
	speculate(number);
	printf("%d %d\n", (long long)1, (long long)2);
	kept = 1;
}

BEGIN
{
	commit(number);
}

BEGIN
{
	printf("kept %d\n", kept);
	exit(0);
}
