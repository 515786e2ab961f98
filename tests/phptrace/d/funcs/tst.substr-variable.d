/* substr with variables for string, index and length */

#pragma D option quiet

string s;
int i, n;

BEGIN
{
	s = "hello world";
	i = 3;
	n = 2;
	printf("[%s]\n", substr(s, i));
	printf("[%s]\n", substr(s, i, n));
	printf("[%s]\n", substr(s, -i));
	printf("[%s]\n", substr(substr(s, 6), 0, 3));
	printf("[%s]\n", strjoin(substr(s, 0, 1), substr(s, 6, 1)));
	exit(0);
}
