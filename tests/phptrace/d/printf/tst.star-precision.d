/* .* takes the precision from an argument */

#pragma D option quiet

BEGIN
{
	printf("[%.*s]\n", 2, "hello");
	printf("[%.*d]\n", 4, 42);
	printf("[%*.*s]\n", 6, 2, "hello");
	printf("[%-*.*s]\n", 6, 2, "hello");
	printf("[%*.*d]\n", 8, 4, 42);
	exit(0);
}
