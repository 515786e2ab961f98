/* offsetof of members */

#pragma D option quiet

struct s {
	char c;
	short h;
	int i;
	long l;
	char a[4];
};
typedef struct s t;

BEGIN
{
	printf("%d %d %d %d %d\n", offsetof(struct s, c), offsetof(struct s, h), offsetof(struct s, i), offsetof(struct s, l), offsetof(struct s, a));
	printf("%d\n", offsetof(t, i));
	exit(0);
}
