/* constant predicates */

#pragma D option quiet

BEGIN
{
	x = 1;
}

BEGIN
/1/
{
	printf("1\n");
}

BEGIN
/0/
{
	printf("2\n");
}

BEGIN
/-1/
{
	printf("3\n");
}

BEGIN
/1 == 1/
{
	printf("4\n");
}

BEGIN
/1 > 2/
{
	printf("5\n");
}

BEGIN
{
	exit(0);
}
