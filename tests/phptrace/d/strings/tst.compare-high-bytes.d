/* bytes above 127 compare as unsigned */

#pragma D option quiet

string s;

BEGIN
{
	s = "\377";
	printf("%d\n", s > "z");
	printf("%d\n", s < "z");
	printf("%d\n", s == "\377");
	exit(0);
}
