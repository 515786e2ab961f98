/* #pragma D attributes and binding */

#pragma D option quiet
#pragma D attributes Unstable/Unstable/Common LIMIT
#pragma D binding "1.0" LIMIT

inline int LIMIT = 10;

BEGIN
{
	printf("%d\n", LIMIT);
	exit(0);
}
