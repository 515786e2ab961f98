/* a line end in a character constant */

BEGIN
{
	trace('a
');
}
