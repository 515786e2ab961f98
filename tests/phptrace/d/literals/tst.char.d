/* character constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 'a');
	printf("%d\n", 'A');
	printf("%d\n", '0');
	printf("%d\n", ' ');
	printf("%d\n", '~');
	printf("%d\n", sizeof ('a'));
	printf("%d\n", 'z' - 'a');
	exit(0);
}
