/* + of strings */

BEGIN
{
	s = "a" + "b";
	exit(0);
}
