/* width of %d */

#pragma D option quiet

BEGIN
{
	printf("[%5d]\n", 42);
	printf("[%-5d]\n", 42);
	printf("[%05d]\n", 42);
	printf("[%1d]\n", 42);
	printf("[%20d]\n", 42);
	printf("[%-20d]\n", 42);
	printf("[%12d]\n", 4294967296l);
	exit(0);
}
