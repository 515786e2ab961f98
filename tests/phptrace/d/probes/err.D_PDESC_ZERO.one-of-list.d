/* one of several descriptions matches nothing */
/* needs: root */

BEGIN,
dtrace:::nosuch
{
	exit(0);
}
