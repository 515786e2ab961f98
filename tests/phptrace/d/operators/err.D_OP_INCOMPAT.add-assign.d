/* += of a string */

string s;

BEGIN
{
	s += "x";
	exit(0);
}
