/* index of variables, its result in expressions */

#pragma D option quiet

string s, t;

BEGIN
{
	s = "key=value";
	t = "value";
	printf("%d\n", index(s, t));
	printf("%d\n", index(s, t) + 1);
	printf("%d\n", index(s, "none") == -1);
	printf("[%s]\n", substr(s, index(s, "=") + 1));
	printf("[%s]\n", substr(s, 0, index(s, "=")));
	exit(0);
}
