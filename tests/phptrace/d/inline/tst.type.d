/* inlines of declared types */

#pragma D option quiet

inline uint8_t SMALL = 7;
inline int64_t BIG = 7;

BEGIN
{
	printf("%d\n", SMALL);
	printf("%d\n", BIG);
	exit(0);
}
