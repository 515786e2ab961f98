/* %Y of a time in nanoseconds */

#pragma D option quiet

BEGIN
{
	printf("[%Y]\n", (int64_t)0);
	printf("[%Y]\n", (int64_t)1000000000000000000);
	printf("[%Y]\n", (int64_t)1234567890123456789);
	printf("[%25Y]\n", (int64_t)0);
	exit(0);
}
