/* count with 1 argument */

BEGIN
{
	@ = count(1);
	exit(0);
}
