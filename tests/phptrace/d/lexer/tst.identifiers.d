/* identifiers that begin like keywords */

#pragma D option quiet

BEGIN
{
	integer = 1;
	iff = 2;
	selfish = 3;
	thistle = 4;
	sizeof_x = 5;
	printf("%d\n", integer + iff + selfish + thistle + sizeof_x);
	exit(0);
}
