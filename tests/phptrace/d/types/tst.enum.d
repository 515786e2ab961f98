/* enumerators count on from the last value */

#pragma D option quiet

enum e {
	A,
	B,
	C = 10,
	D,
	E = -5,
	F
};
enum e e;

BEGIN
{
	printf("%d %d %d %d %d %d\n", A, B, C, D, E, F);
	e = C;
	printf("%d %d %d\n", e, e == C, sizeof (e));
	printf("%d\n", B + 1);
	exit(0);
}
