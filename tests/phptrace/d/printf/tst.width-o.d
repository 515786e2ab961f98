/* width of %o */

#pragma D option quiet

BEGIN
{
	printf("[%5o]\n", 42);
	printf("[%-5o]\n", 42);
	printf("[%05o]\n", 42);
	printf("[%1o]\n", 42);
	printf("[%20o]\n", 42);
	printf("[%-20o]\n", 42);
	printf("[%12o]\n", 4294967296l);
	exit(0);
}
