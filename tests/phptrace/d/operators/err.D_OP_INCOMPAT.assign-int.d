/* an int assigned to a string */

string s;

BEGIN
{
	s = 5;
	exit(0);
}
