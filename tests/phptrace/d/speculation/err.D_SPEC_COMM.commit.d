/* speculate after commit */

int s;

BEGIN
{
	commit(s);
	speculate(s);
	exit(0);
}
