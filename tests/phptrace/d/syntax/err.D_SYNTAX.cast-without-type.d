/* a cast to what is no type */

BEGIN
{
	x = (nosuchtype *)5;
	exit(0);
}
