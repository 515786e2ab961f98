/* strchr of a character that is not there gives NULL */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strchr("abc", 'x') == NULL);
	printf("%d\n", strchr("", 'x') == NULL);
	printf("%d\n", strchr("abc", 'c') == NULL);
	exit(0);
}
