/* elements live from clause to clause */

#pragma D option quiet

BEGIN
{
	a["k"] = 1;
}

BEGIN
{
	printf("%d\n", a["k"]++);
}

BEGIN
{
	printf("%d\n", a["k"]);
	exit(0);
}
