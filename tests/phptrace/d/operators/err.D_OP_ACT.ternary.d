/* actions as sides of ?: */

int x;

BEGIN
{
	x ? trace(1) : trace(2);
	exit(0);
}
