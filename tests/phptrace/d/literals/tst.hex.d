/* hexadecimal constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 0x0);
	printf("%d\n", 0xff);
	printf("%d\n", 0XFF);
	printf("%d\n", 0xAbCdEf);
	printf("%d\n", 0x7fffffff);
	printf("%d\n", 0xffffffff);
	printf("%d\n", 0x100000000);
	printf("%d\n", 0xffffffffffffffff);
	exit(0);
}
