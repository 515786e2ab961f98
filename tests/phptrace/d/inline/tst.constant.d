/* inline constants */

#pragma D option quiet

inline int LIMIT = 100;
inline string NAME = "limit";

BEGIN
{
	printf("%d %s %d\n", LIMIT, NAME, LIMIT * 2);
	x = LIMIT;
	printf("%d\n", x + 1);
	exit(0);
}
