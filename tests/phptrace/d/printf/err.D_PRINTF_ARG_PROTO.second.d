/* the second conversion without its argument */

BEGIN
{
	printf("%d %s", 1);
	exit(0);
}
