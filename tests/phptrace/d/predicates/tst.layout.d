/* a predicate over several lines */

#pragma D option quiet

int x;

BEGIN
/
	x == 0 &&
	x < 1
/
{
	printf("yes\n");
	exit(0);
}
