/* structures in structures */

#pragma D option quiet

struct inner {
	int a, b;
};
struct outer {
	struct inner in;
	int tail;
};
struct outer o;
struct inner i;

BEGIN
{
	o.in.a = 1;
	o.in.b = 2;
	o.tail = 3;
	printf("%d %d %d %d\n", o.in.a, o.in.b, o.tail, sizeof (o));
	i = o.in;
	printf("%d %d\n", i.a, i.b);
	exit(0);
}
