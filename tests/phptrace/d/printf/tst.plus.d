/* + shows the sign */

#pragma D option quiet

BEGIN
{
	printf("[%+d]\n", 5);
	printf("[%+d]\n", -5);
	printf("[%+d]\n", 0);
	printf("[%+5d]\n", 5);
	printf("[%-+5d]\n", 5);
	printf("[%+05d]\n", 5);
	printf("[%+d]\n", 5000000000l);
	exit(0);
}
