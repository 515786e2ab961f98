/* speculate with an argument of the wrong type */

BEGIN
{
	speculate("a");
	exit(0);
}
