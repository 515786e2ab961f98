/* a character constant of nine characters */

BEGIN
{
	x = 'abcdefghi';
	exit(0);
}
