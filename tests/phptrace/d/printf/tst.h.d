/* %hd, %hu and %hx take shorts */

#pragma D option quiet

BEGIN
{
	printf("[%hd]\n", (short)-3);
	printf("[%hi]\n", (short)-3);
	printf("[%hu]\n", (unsigned short)65533);
	printf("[%ho]\n", (unsigned short)8);
	printf("[%hx]\n", (short)0x7bcd);
	printf("[%hX]\n", (unsigned short)0xabcd);
	exit(0);
}
