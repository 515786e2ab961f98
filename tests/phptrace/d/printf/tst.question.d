/* %? is the width of a pointer */

#pragma D option quiet

BEGIN
{
	printf("[%?x]\n", 255);
	printf("[%-?x]\n", 255);
	printf("[%0?x]\n", 255);
	printf("[%?p]\n", (void *)0xabc);
	exit(0);
}
