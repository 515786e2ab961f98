/* inlines of inlines */

#pragma D option quiet

inline int A = 10;
inline int B = A + 1;
inline int C = B * A;

BEGIN
{
	printf("%d %d\n", B, C);
	exit(0);
}
