/* a name that the provider does not have */
/* needs: root */

dtrace:::BEGINNING
{
	exit(0);
}
