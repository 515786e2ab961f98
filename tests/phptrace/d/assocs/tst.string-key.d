/* elements by string key */

#pragma D option quiet

string s;

BEGIN
{
	a["one"] = 1;
	a["two"] = 2;
	a[""] = 3;
	printf("%d %d %d %d\n", a["one"], a["two"], a[""], a["none"]);
	s = "one";
	printf("%d\n", a[s] + a[strjoin("t", "wo")]);
	exit(0);
}
