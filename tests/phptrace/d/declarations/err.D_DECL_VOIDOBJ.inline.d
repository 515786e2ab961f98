/* a void inline */

inline void v = 1;

BEGIN
{
	exit(0);
}
