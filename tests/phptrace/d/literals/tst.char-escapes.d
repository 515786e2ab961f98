/* escapes in character constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", '\n');
	printf("%d\n", '\t');
	printf("%d\n", '\r');
	printf("%d\n", '\a');
	printf("%d\n", '\b');
	printf("%d\n", '\f');
	printf("%d\n", '\v');
	printf("%d\n", '\0');
	printf("%d\n", '\\');
	printf("%d\n", '\'');
	printf("%d\n", '\"');
	printf("%d\n", '"');
	printf("%d\n", '\101');
	printf("%d\n", '\x41');
	printf("%d\n", '\7');
	exit(0);
}
