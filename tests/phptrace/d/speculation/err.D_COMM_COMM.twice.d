/* commit after commit */

int s;

BEGIN
{
	commit(s);
	commit(s);
	exit(0);
}
