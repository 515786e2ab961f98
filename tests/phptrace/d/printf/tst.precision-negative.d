/* a negative precision is none */

#pragma D option quiet

BEGIN
{
	printf("[%.*s]\n", -3, "hello");
	exit(0);
}
