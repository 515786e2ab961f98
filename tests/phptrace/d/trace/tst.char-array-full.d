/* trace of a char array without a nul */

char a[4];

BEGIN
{
	a[0] = 'a';
	a[1] = 'b';
	a[2] = 'c';
	a[3] = 'd';
	trace(a);
	exit(0);
}
