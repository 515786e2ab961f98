/* twelve arguments */

#pragma D option quiet

BEGIN
{
	printf("[%d %d %d %d %d %d %d %d %d %d %d %d]\n", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	printf("[%s%s%s%s%s%s%s%s]\n", "a", "b", "c", "d", "e", "f", "g", "h");
	exit(0);
}
