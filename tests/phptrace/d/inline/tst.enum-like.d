/* inlines as names for values in ?: */

#pragma D option quiet

int s;
inline string STATE = s == 1 ? "one" : s == 2 ? "two" : "unknown";

BEGIN
{
	s = 2;
	printf("%s\n", STATE);
	s = 9;
	printf("%s\n", STATE);
	exit(0);
}
