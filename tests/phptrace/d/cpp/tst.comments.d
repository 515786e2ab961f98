/* comments and line ends joined by a backslash */
/* options: -C */

#pragma D option quiet

#define LONG(a, b) \
	((a) + \
	(b))

BEGIN
{
	printf("%d\n", LONG(1, /* a comment */ 2));
	exit(0);
}
