/* an action as argument */

BEGIN
{
	printf("%d", trace(1));
	exit(0);
}
