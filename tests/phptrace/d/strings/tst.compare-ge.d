/* >= of strings goes by bytes */

#pragma D option quiet

string s, t;

BEGIN
{
	s = "abc";
	t = "abcd";
	printf("%d\n", "abc" >= "abd");
	printf("%d\n", "abc" >= "abc");
	printf("%d\n", "abc" >= "ab");
	printf("%d\n", "ab" >= "abc");
	printf("%d\n", "" >= "a");
	printf("%d\n", "Z" >= "a");
	printf("%d\n", "b" >= "abc");
	printf("%d\n", s >= t);
	printf("%d\n", t >= s);
	exit(0);
}
