/* args[] outside of a clause */

inline int first = args[0];

BEGIN
{
	exit(0);
}
