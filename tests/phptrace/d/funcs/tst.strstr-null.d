/* strstr of a part that is not there gives NULL */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strstr("abc", "x") == NULL);
	printf("%d\n", strstr("abc", "abcd") == NULL);
	printf("%d\n", strstr("", "a") == NULL);
	printf("%d\n", strstr("abc", "c") == NULL);
	exit(0);
}
