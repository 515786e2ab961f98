/* trace of a character constant is an int */

BEGIN
{
	trace('a');
	exit(0);
}
