/* a string is less than a longer one that begins with it */

#pragma D option quiet

BEGIN
{
	printf("%d\n", "abc" < "abcd");
	printf("%d\n", "abcd" > "abc");
	printf("%d\n", "aabc" < "ab");
	printf("%d\n", "" < "a");
	exit(0);
}
