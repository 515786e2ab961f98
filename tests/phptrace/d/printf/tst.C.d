/* %C escapes a character that is not printable */

#pragma D option quiet

BEGIN
{
	printf("[%C]\n", 'a');
	printf("[%C]\n", '\n');
	printf("[%C]\n", 7);
	printf("[%3C]\n", 'b');
	exit(0);
}
