/* %ld, %lu and %lx take longs */

#pragma D option quiet

BEGIN
{
	printf("[%ld]\n", (long)-5000000000l);
	printf("[%li]\n", (long)5);
	printf("[%lu]\n", (unsigned long)18446744073709551615ul);
	printf("[%lo]\n", (unsigned long)64);
	printf("[%lx]\n", (long)0x123456789abl);
	printf("[%lX]\n", (unsigned long)0xabcdef);
	exit(0);
}
