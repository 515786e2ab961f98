/* two speculations at once */

#pragma D option quiet
#pragma D option nspec=2

BEGIN
{
	a = speculation();
	b = speculation();
}

BEGIN
{
	speculate(a);
	printf("a\n");
}

BEGIN
{
	speculate(b);
	printf("b\n");
}

BEGIN
{
	discard(a);
}

BEGIN
{
	commit(b);
}

tick-100ms
{
	exit(0);
}
