/* widths in the format */

#pragma D option quiet

BEGIN
{
	@a["x", 7] = sum(10);
	@a["yy", 12] = sum(200);
	printa("%-5s|%5d|%@8d|\n", @a);
	exit(0);
}
