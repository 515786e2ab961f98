/* a line end in a string */

BEGIN
{
	trace("one
two");
}
