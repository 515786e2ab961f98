/* an inline has the type declared */

#pragma D option quiet

inline uint8_t SMALL = 7;
inline int64_t BIG = 7;

BEGIN
{
	printf("%d %d\n", sizeof (SMALL), sizeof (BIG));
	printf("%d\n", BIG);
	exit(0);
}
