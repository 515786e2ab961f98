/* predicates of clause-local variables */

#pragma D option quiet

BEGIN
{
	this->x = 7;
}

BEGIN
/this->x == 7/
{
	printf("1\n");
}

BEGIN
/this->x < 7/
{
	printf("2\n");
}

BEGIN
{
	exit(0);
}
