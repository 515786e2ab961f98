/* system() of a variable */
/* options: -w */

BEGIN
{
	s = "ls";
	system(s);
	exit(0);
}
