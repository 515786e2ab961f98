/* aggregating after commit */

int s;

BEGIN
{
	commit(s);
	@ = count();
	exit(0);
}
