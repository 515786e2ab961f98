/* predicates of integers */

#pragma D option quiet

int x;

BEGIN
{
	x = 5;
}

BEGIN
/x/
{
	printf("1\n");
}

BEGIN
/!x/
{
	printf("2\n");
}

BEGIN
/x == 5/
{
	printf("3\n");
}

BEGIN
/x != 5/
{
	printf("4\n");
}

BEGIN
/x > 3 && x < 10/
{
	printf("5\n");
}

BEGIN
/x < 3 || x > 10/
{
	printf("6\n");
}

BEGIN
/x - 5/
{
	printf("7\n");
}

BEGIN
{
	exit(0);
}
