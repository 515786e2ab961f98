/* a data-recording action after commit */

int s;

BEGIN
{
	commit(s);
	trace(1);
	exit(0);
}
