/* the sorting options as pragmas */

#pragma D option quiet

#pragma D option aggsortkey

BEGIN
{
	@["b", 1] = sum(3);
	@["a", 3] = sum(2);
	@["c", 2] = sum(1);
	@["a", 1] = sum(4);
	exit(0);
}
