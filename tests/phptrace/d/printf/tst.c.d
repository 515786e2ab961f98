/* %c */

#pragma D option quiet

BEGIN
{
	printf("[%c]\n", 'A');
	printf("[%c%c%c]\n", 'a', 'b', 'c');
	printf("[%c]\n", 65);
	printf("[%5c]\n", 'x');
	printf("[%-5c]\n", 'x');
	exit(0);
}
