/* a string element that does not exist compares equal to NULL */

#pragma D option quiet

string a[string];
self string t;

BEGIN
{
	a["x"] = "v";
	printf("%d %d %d\n", a["x"] == NULL, a["n"] == NULL, NULL != a["n"]);
	printf("%s\n", a[a["n"] == NULL ? "x" : "n"]);
	printf("%d ", self->t == NULL);
	self->t = "set";
	printf("%d\n", self->t == NULL);
	exit(0);
}
