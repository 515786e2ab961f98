/* toupper and tolower change letters only */

#pragma D option quiet

string s;

BEGIN
{
	s = "Mixed Case";
	printf("[%s]\n", toupper("abcXYZ123-_"));
	printf("[%s]\n", tolower("abcXYZ123-_"));
	printf("[%s]\n", toupper(""));
	printf("[%s]\n", tolower(s));
	printf("[%s]\n", toupper(tolower(s)));
	printf("%d\n", tolower("ABC") == "abc");
	exit(0);
}
