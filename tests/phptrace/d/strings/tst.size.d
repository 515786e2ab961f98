/* a string variable has the string size, a constant its own */

#pragma D option quiet

string s;

BEGIN
{
	s = "abc";
	printf("%d\n", sizeof ("abc"));
	printf("%d\n", sizeof (""));
	printf("%d\n", sizeof (s));
	printf("%d\n", sizeof (string));
	exit(0);
}
