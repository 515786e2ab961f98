/* copyinstr with an argument of the wrong type */

BEGIN
{
	s = copyinstr("a");
	exit(0);
}
