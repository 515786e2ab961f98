/* sum with 2 arguments */

BEGIN
{
	@ = sum(1, 2);
	exit(0);
}
