/* width of strings */

#pragma D option quiet

BEGIN
{
	printf("[%10s]\n", "hello");
	printf("[%-10s]\n", "hello");
	printf("[%3s]\n", "hello");
	printf("[%1s]\n", "");
	printf("[%5s|%-5s]\n", "a", "b");
	exit(0);
}
