/* sizeof of members */

#pragma D option quiet

struct s {
	char a[10];
	char *b;
	char c;
};
struct s s;

BEGIN
{
	printf("%d %d %d\n", sizeof (s.a), sizeof (s.b), sizeof (s.c));
	printf("%d\n", sizeof (s.a[0]));
	exit(0);
}
