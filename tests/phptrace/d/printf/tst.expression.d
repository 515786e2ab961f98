/* arguments are expressions */

#pragma D option quiet

BEGIN
{
	printf("[%d %d %d]\n", 1 + 2 * 3, 7 > 3, ~0);
	printf("[%s]\n", 1 == 1 ? "yes" : "no");
	exit(0);
}
