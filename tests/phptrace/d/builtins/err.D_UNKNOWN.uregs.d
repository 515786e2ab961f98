/* there are not so many registers */

BEGIN
{
	trace(uregs[42]);
}
