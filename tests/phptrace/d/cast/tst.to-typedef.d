/* casts to typedef names and enums */

#pragma D option quiet

typedef unsigned char small;
enum color { RED, GREEN, BLUE };

BEGIN
{
	printf("%d %d\n", (small)300, sizeof ((small)300));
	printf("%d\n", (enum color)1 == GREEN);
	printf("%d\n", (int)BLUE + 1);
	exit(0);
}
