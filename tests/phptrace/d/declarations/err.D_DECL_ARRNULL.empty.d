/* an array without dimension */

int a[];

BEGIN
{
	exit(0);
}
