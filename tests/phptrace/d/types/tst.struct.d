/* members of a global structure */

#pragma D option quiet

struct s {
	char c;
	short s;
	int i;
	long l;
};
struct s s;

BEGIN
{
	s.c = 'x';
	s.s = -2;
	s.i = 3;
	s.l = 5000000000;
	printf("%c %d %d %d %d\n", s.c, s.s, s.i, s.l, sizeof (s));
	s.i += s.s;
	printf("%d\n", s.i);
	exit(0);
}
