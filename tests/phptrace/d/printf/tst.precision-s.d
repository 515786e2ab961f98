/* precision cuts strings */

#pragma D option quiet

BEGIN
{
	printf("[%.3s]\n", "hello");
	printf("[%.10s]\n", "hello");
	printf("[%10.3s]\n", "hello");
	printf("[%-10.3s]\n", "hello");
	printf("[%.1s]\n", "hello");
	exit(0);
}
