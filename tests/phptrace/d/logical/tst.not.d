/* ! yields 1 for zero and 0 for all else */

#pragma D option quiet

int t;
int f;
int n;

BEGIN
{
	t = 1;
	f = 0;
	n = -7;
	t;
	f;
	n;
	!n;
	!f;
	0;
	5;
	!5;
	(t && f);
	t || t;
	exit(0);
}
