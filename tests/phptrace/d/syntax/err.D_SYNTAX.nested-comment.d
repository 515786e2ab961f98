/* a comment in a comment */

BEGIN
{
	/* outer /* inner */ */
	exit(0);
}
