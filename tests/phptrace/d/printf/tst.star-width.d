/* * takes the width from an argument */

#pragma D option quiet

BEGIN
{
	printf("[%*d]\n", 5, 42);
	printf("[%-*d]\n", 5, 42);
	printf("[%*s]\n", 8, "abc");
	printf("[%-*s]\n", 8, "abc");
	printf("[%*d]\n", -5, 42);
	printf("[%*x]\n", 4, 255);
	printf("[%*c]\n", 3, 'x');
	exit(0);
}
