/* a shorter string overwrites a longer one wholly */

#pragma D option quiet

string s;
string a[string];

BEGIN
{
	s = "a longer string";
	s = "ab";
	a["k"] = "yyyyyyyyyyyy";
	a["k"] = "z";
	printf("[%s]\n", s);
	printf("%d\n", strlen(s));
	printf("[%s]\n", a["k"]);
	printf("%d\n", strlen(a["k"]));
	exit(0);
}
