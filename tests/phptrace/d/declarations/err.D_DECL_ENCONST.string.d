/* an enumerator with a string as value */

enum e {
	A = "x"
};

BEGIN
{
	exit(0);
}
