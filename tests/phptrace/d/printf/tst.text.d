/* text without conversions */

#pragma D option quiet

BEGIN
{
	printf("[plain]\n");
	printf("[tab\tback\\slash]\n");
	printf("[quote \"q\"]\n");
	printf("[\101\102]\n");
	exit(0);
}
