/* ?: as guard of an action by its predicate value */

#pragma D option quiet

int x;

BEGIN
{
	x = 4;
	printf("%s\n", x > 3 ? x > 5 ? "big" : "middle" : "small");
	x = 9;
	printf("%s\n", x > 3 ? x > 5 ? "big" : "middle" : "small");
	x = 1;
	printf("%s\n", x > 3 ? x > 5 ? "big" : "middle" : "small");
	exit(0);
}
