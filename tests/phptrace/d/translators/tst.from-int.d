/* a translator from an integer */

#pragma D option quiet

typedef int num_t;

typedef struct info {
	int n;
	string name;
} info_t;

translator info_t < num_t v > {
	n = v;
	name = v == 1 ? "one" : "many";
};

BEGIN
{
	printf("%d %s\n", xlate <info_t>((num_t)5).n, xlate <info_t>((num_t)5).name);
	printf("%s\n", xlate <info_t>((num_t)1).name);
	exit(0);
}
