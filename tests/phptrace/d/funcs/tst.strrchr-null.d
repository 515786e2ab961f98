/* strrchr of a character that is not there gives NULL */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strrchr("abc", 'x') == NULL);
	printf("%d\n", strrchr("", '/') == NULL);
	printf("%d\n", strrchr("abc", 'a') == NULL);
	exit(0);
}
