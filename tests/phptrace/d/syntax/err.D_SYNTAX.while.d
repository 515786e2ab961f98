/* loops */

BEGIN
{
	while (1) trace(1);
	exit(0);
}
