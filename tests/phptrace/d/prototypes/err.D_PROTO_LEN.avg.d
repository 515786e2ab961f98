/* avg with 0 arguments */

BEGIN
{
	@ = avg();
	exit(0);
}
