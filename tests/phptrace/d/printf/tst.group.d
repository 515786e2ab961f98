/* ' changes nothing in the C locale */

#pragma D option quiet

BEGIN
{
	printf("[%'d]\n", 1234567);
	printf("[%'d]\n", -1234567);
	printf("[%'d]\n", 12);
	exit(0);
}
