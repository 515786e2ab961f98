/* width of %x */

#pragma D option quiet

BEGIN
{
	printf("[%5x]\n", 42);
	printf("[%-5x]\n", 42);
	printf("[%05x]\n", 42);
	printf("[%1x]\n", 42);
	printf("[%20x]\n", 42);
	printf("[%-20x]\n", 42);
	printf("[%12x]\n", 4294967296l);
	exit(0);
}
