/* %lld, %llu and %llx take long longs */

#pragma D option quiet

BEGIN
{
	printf("[%lld]\n", (long long)-5000000000);
	printf("[%lli]\n", (long long)5);
	printf("[%llu]\n", (unsigned long long)18446744073709551615ull);
	printf("[%llo]\n", (unsigned long long)64);
	printf("[%llx]\n", (long long)0x123456789ab);
	printf("[%llX]\n", (unsigned long long)0xabcdef);
	exit(0);
}
