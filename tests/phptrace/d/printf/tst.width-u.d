/* width of %u */

#pragma D option quiet

BEGIN
{
	printf("[%5u]\n", 42);
	printf("[%-5u]\n", 42);
	printf("[%05u]\n", 42);
	printf("[%1u]\n", 42);
	printf("[%20u]\n", 42);
	printf("[%-20u]\n", 42);
	printf("[%12u]\n", 4294967296l);
	exit(0);
}
