/* a short key after a long one is the same as before */

#pragma D option quiet

string s;

BEGIN
{
	@["ab"] = count();
	s = "a longer string";
	s = "ab";
	@[s] = count();
	exit(0);
}
