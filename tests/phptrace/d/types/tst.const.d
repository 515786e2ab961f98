/* const and volatile are part of a type */

#pragma D option quiet

const int c;

BEGIN
{
	c = 5;
	printf("%d %d\n", c, sizeof (c));
	printf("%d\n", (const int)6);
	exit(0);
}
