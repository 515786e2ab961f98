/* many conversions in one format */

#pragma D option quiet

BEGIN
{
	printf("[%d %s %x %c %o %u]\n", 1, "two", 3, '4', 5, 6);
	printf("[%-5d|%5s|%05x|%c]\n", 12, "ab", 255, 'z');
	printf("[%s=%d, %s=%d]\n", "a", 1, "b", -2);
	exit(0);
}
