/* several options, with and without values */

#pragma D option quiet
#pragma D option bufsize=64k
#pragma D option aggsize=1m
#pragma D option dynvarsize=2m
#pragma D option aggrate=10hz
#pragma D option switchrate=100hz
#pragma D option statusrate=1s
#pragma D option strsize=512
#pragma D option cleanrate=100hz
#pragma D option nspec=4
#pragma D option specsize=8k

BEGIN
{
	printf("%d\n", 1);
	exit(0);
}
