/* a large structure as the value of an associative array */

#pragma D option quiet

struct large {
	int64_t v[100];
};
struct large a[string];

BEGIN
{
	a["x"].v[99] = 5;
	a["x"].v[0] = 6;
	printf("%d %d %d\n", a["x"].v[99], a["x"].v[0], a["y"].v[99]);
	exit(0);
}
