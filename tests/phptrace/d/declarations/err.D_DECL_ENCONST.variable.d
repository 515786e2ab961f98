/* an enumerator with a variable as value */

int n;
enum e {
	A = n
};

BEGIN
{
	exit(0);
}
