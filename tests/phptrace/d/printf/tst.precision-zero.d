/* a precision of 0 is none */

#pragma D option quiet

BEGIN
{
	printf("[%.0s]\n", "hello");
	printf("[%.*s]\n", 0, "hello");
	printf("[%8.0s]\n", "hello");
	printf("[%.0d]\n", 0);
	exit(0);
}
