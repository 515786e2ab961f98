/* arrays in structures */

#pragma D option quiet

struct s {
	int a[4];
	char name[8];
};
struct s s;

BEGIN
{
	s.a[0] = 1;
	s.a[3] = 4;
	s.name[0] = 'h';
	s.name[1] = 'i';
	printf("%d %d %d %s %d\n", s.a[0], s.a[1], s.a[3], s.name, sizeof (s));
	exit(0);
}
