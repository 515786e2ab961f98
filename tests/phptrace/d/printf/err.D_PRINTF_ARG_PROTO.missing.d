/* a conversion without its argument */

BEGIN
{
	printf("%d");
	exit(0);
}
