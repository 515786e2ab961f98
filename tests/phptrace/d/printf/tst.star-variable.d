/* widths from variables */

#pragma D option quiet

int w, n;
string s;

BEGIN
{
	w = 6;
	n = 3;
	s = "abcdef";
	printf("[%*d]\n", w, 7);
	printf("[%-*d]\n", w, 7);
	printf("[%.*s]\n", n, s);
	printf("[%*.*s]\n", w, n, s);
	exit(0);
}
