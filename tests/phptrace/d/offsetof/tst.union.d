/* offsetof in a union is 0 */

#pragma D option quiet

union u {
	int a;
	long b;
};
struct s {
	int x;
	union u u;
};

BEGIN
{
	printf("%d %d %d\n", offsetof(union u, a), offsetof(union u, b), offsetof(struct s, u));
	exit(0);
}
