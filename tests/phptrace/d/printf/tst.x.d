/* %x and %X */

#pragma D option quiet

BEGIN
{
	printf("[%x]\n", 0);
	printf("[%x]\n", 255);
	printf("[%x]\n", 48879);
	printf("[%X]\n", 255);
	printf("[%X]\n", 48879);
	printf("[%x]\n", -1);
	printf("[%x]\n", 0x123456789abcdefl);
	printf("[%X]\n", 0x123456789abcdefl);
	exit(0);
}
