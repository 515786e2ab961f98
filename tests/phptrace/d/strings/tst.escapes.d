/* escape sequences in strings */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strlen("\a\b\f\n\r\t\v"));
	printf("%d\n", strlen("\\\"\'"));
	printf("[%s]\n", "q\"uo\\te");
	printf("[%s]\n", "\101\102\x43");
	printf("[%s]\n", "a\tb");
	printf("%d\n", strlen("\0"));
	printf("%d\n", strlen("\0011"));
	exit(0);
}
