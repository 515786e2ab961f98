/* trace of string variables */

string s;

BEGIN
{
	s = "abc";
	trace(s);
	trace(strjoin(s, "!"));
	exit(0);
}
