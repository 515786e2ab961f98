/* trace of a char array that holds text */

char a[8];

BEGIN
{
	a[0] = 'a';
	a[1] = 'b';
	a[2] = 'c';
	trace(a);
	exit(0);
}
