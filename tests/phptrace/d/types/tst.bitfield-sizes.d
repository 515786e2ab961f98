/* each bit-field has a unit of its own, the least that holds it */

#pragma D option quiet

struct one {
	int a:5;
};
struct two {
	int a:2;
	int b:2;
};
struct three {
	int a:8;
	int b:1;
	int c:7;
};
struct wide {
	long a:30;
	int b:20;
};
struct odd {
	int a:12;
	int b:3;
};

BEGIN
{
	printf("%d %d %d\n", sizeof (struct one), sizeof (struct two), sizeof (struct three));
	printf("%d %d\n", sizeof (struct wide), sizeof (struct odd));
	exit(0);
}
