/* htons with an argument of the wrong type */

BEGIN
{
	x = htons("5");
	exit(0);
}
