/* an unknown control line */

#bogus

BEGIN
{
	exit(0);
}
