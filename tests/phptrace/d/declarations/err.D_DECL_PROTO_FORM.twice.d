/* a parameter named twice */

inline int f[int a, int a] = a;

BEGIN
{
	exit(0);
}
