/* inlines with parameters */

#pragma D option quiet

int x;
inline int SQUARE[int n] = n * n;
inline int ADD[int a, int b] = a + b;
inline string GREET[string s] = strjoin("hello, ", s);

BEGIN
{
	x = 3;
	printf("%d %d\n", SQUARE[5], SQUARE[x + 1]);
	printf("%d %s\n", ADD[2, 3], GREET["you"]);
	exit(0);
}
