/* basename and dirname of variables put together again */

#pragma D option quiet

string s;

BEGIN
{
	s = "/usr/bin/php8.2";
	printf("[%s]\n", basename(s));
	printf("[%s]\n", dirname(s));
	printf("[%s]\n", strjoin(dirname(s), strjoin("/", basename(s))));
	printf("[%s]\n", basename(dirname(s)));
	printf("[%s]\n", dirname(dirname(s)));
	exit(0);
}
