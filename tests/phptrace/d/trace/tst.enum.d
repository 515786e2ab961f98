/* trace of an enumerator */

enum e {
	ONE = 1,
	TWO
};

BEGIN
{
	trace(TWO);
	exit(0);
}
