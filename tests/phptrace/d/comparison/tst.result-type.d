/* a comparison yields an int, 0 or 1 */

#pragma D option quiet

int64_t l;

BEGIN
{
	l = 7;
	printf("%d\n", (int)sizeof (l == 7));
	printf("%d\n", (l == 7) + (l == 7));
	printf("%d\n", (l > 1) * 10);
	printf("%d\n", -(l > 1));
	printf("%d\n", (l < 1) - 1);
	exit(0);
}
