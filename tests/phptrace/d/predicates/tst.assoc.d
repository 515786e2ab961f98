/* predicates of array elements */

#pragma D option quiet

BEGIN
{
	a["k"] = 1;
}

BEGIN
/a["k"]/
{
	printf("1\n");
}

BEGIN
/a["n"]/
{
	printf("2\n");
}

BEGIN
/a["k"] && !a["n"]/
{
	printf("3\n");
}

BEGIN
{
	exit(0);
}
