/* sizeof counts the padding */

#pragma D option quiet

struct a {
	char x, y;
};
struct b {
	char x;
	int y;
};
struct c {
	char x;
	long y;
};

BEGIN
{
	printf("%d %d %d\n", sizeof (struct a), sizeof (struct b), sizeof (struct c));
	exit(0);
}
