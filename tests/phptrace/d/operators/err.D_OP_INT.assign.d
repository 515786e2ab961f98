/* %= of a string */

string s;

BEGIN
{
	s %= 2;
	exit(0);
}
