/* a negative register */

BEGIN
{
	trace(uregs[-1]);
	exit(0);
}
