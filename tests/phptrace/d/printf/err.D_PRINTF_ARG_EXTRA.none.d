/* an argument where there is no conversion */

BEGIN
{
	printf("text", 1);
	exit(0);
}
