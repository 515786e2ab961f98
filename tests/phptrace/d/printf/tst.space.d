/* a blank in place of the plus sign */

#pragma D option quiet

BEGIN
{
	printf("[% d]\n", 5);
	printf("[% d]\n", -5);
	printf("[% 5d]\n", 5);
	printf("[% 05d]\n", 5);
	exit(0);
}
