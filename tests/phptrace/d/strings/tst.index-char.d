/* characters of a string by [ ] */

#pragma D option quiet

string s;
int n;

BEGIN
{
	s = "hello";
	n = 2;
	printf("%c%c%c\n", s[0], s[1], s[4]);
	printf("%d\n", s[0] == 'h');
	printf("%d\n", s[5]);
	printf("%c\n", s[n]);
	exit(0);
}
