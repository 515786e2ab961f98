/* strlen of constants and variables */

#pragma D option quiet

string s;

BEGIN
{
	s = "four";
	printf("%d\n", strlen(""));
	printf("%d\n", strlen("a"));
	printf("%d\n", strlen("hello world"));
	printf("%d\n", strlen(s));
	printf("%d\n", strlen(strjoin(s, s)));
	printf("%d\n", strlen(probename));
	printf("%d\n", strlen("tab\tnl\n"));
	exit(0);
}
