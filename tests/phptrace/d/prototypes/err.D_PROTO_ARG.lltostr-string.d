/* lltostr with an argument of the wrong type */

BEGIN
{
	s = lltostr("5");
	exit(0);
}
