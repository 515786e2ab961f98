/* # shows the base */

#pragma D option quiet

BEGIN
{
	printf("[%#x]\n", 255);
	printf("[%#x]\n", 0);
	printf("[%#X]\n", 255);
	printf("[%#o]\n", 8);
	printf("[%#o]\n", 0);
	printf("[%#10x]\n", 255);
	printf("[%-#10x]\n", 255);
	printf("[%#010x]\n", 255);
	printf("[%#x]\n", 0xffffffffffl);
	exit(0);
}
