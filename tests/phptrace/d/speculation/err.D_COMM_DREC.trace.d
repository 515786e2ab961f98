/* commit after a data-recording action */

int s;

BEGIN
{
	trace(1);
	commit(s);
	exit(0);
}
