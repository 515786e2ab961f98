/* exit after commit */

int s;

BEGIN
{
	commit(s);
	exit(0);
}
