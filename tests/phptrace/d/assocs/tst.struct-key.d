/* structures as keys */

#pragma D option quiet

struct key {
	int a;
	char b;
};
struct key k;

BEGIN
{
	k.a = 1;
	k.b = 'x';
	t[k] = 10;
	k.b = 'y';
	t[k] = 20;
	printf("%d\n", t[k]);
	k.b = 'x';
	printf("%d\n", t[k]);
	k.a = 2;
	printf("%d\n", t[k]);
	exit(0);
}
