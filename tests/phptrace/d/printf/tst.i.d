/* %i is %d */

#pragma D option quiet

BEGIN
{
	printf("[%i]\n", 0);
	printf("[%i]\n", -7);
	printf("[%i]\n", 123);
	printf("[%i]\n", 5000000000l);
	exit(0);
}
