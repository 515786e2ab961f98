/* exit with an argument of the wrong type */

BEGIN
{
	exit("one");
	exit(0);
}
