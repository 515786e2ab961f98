/* signed and unsigned members extend as they should */

#pragma D option quiet

struct s {
	signed char a;
	unsigned char b;
	short c;
	unsigned short d;
};
struct s s;

BEGIN
{
	s.a = -1;
	s.b = -1;
	s.c = -1;
	s.d = -1;
	printf("%d %d %d %d\n", s.a, s.b, s.c, s.d);
	printf("%d %d %d %d\n", s.a < 0, s.b < 0, s.c < 0, s.d < 0);
	exit(0);
}
