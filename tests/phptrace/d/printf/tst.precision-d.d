/* precision of integers is the least number of digits */

#pragma D option quiet

BEGIN
{
	printf("[%.5d]\n", 42);
	printf("[%.5d]\n", -42);
	printf("[%.1d]\n", 42);
	printf("[%8.5d]\n", 42);
	printf("[%-8.5d]\n", 42);
	printf("[%.4x]\n", 0xab);
	printf("[%.6o]\n", 8);
	printf("[%.3u]\n", 7);
	exit(0);
}
