/* the last of 0 and - holds */

#pragma D option quiet

BEGIN
{
	printf("[%0-6d]\n", 42);
	printf("[%-06d]\n", 42);
	exit(0);
}
