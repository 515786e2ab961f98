/* a provider that does not exist */
/* needs: root */

nosuchprovider:::probe
{
	exit(0);
}
