/* lltostr in bases other than ten */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", lltostr(255, 16));
	printf("[%s]\n", lltostr(8, 8));
	printf("[%s]\n", lltostr(5, 2));
	printf("[%s]\n", lltostr(-7, 10));
	exit(0);
}
