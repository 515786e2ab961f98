/* without quiet the text follows the probe and a line end follows it */

BEGIN
{
	printf("x is %d", 5);
}

BEGIN
{
	printf("a line\n");
	printf("and more");
	exit(0);
}
