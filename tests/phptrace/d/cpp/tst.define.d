/* #define with -C */
/* options: -C */

#pragma D option quiet

#define LIMIT 10
#define NAME "ten"
#define TWICE(x) ((x) * 2)

BEGIN
{
	printf("%d\n", LIMIT * 2);
	printf("%s\n", NAME);
	printf("%d\n", TWICE(3 + 1));
	exit(0);
}
