/* %o */

#pragma D option quiet

BEGIN
{
	printf("[%o]\n", 0);
	printf("[%o]\n", 8);
	printf("[%o]\n", 511);
	printf("[%o]\n", -1);
	printf("[%o]\n", 0777777777777l);
	exit(0);
}
