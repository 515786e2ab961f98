/* strings are cut to strsize */

#pragma D option quiet
#pragma D option strsize=5

BEGIN
{
	printf("%d\n", strlen("123456789"));
	s = "abcdefgh";
	printf("%s\n", s);
	printf("%s\n", strjoin("abc", "defg"));
	printf("%d\n", sizeof (s));
	exit(0);
}
