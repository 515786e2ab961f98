/* results of functions compare */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strjoin("a", "b") == "ab");
	printf("%d\n", substr("hello", 1, 3) == "ell");
	printf("%d\n", strjoin("a", "b") == strjoin("a", "b"));
	printf("%d\n", basename("/a/b") < basename("/a/c"));
	printf("%d\n", lltostr(12) == "12");
	exit(0);
}
