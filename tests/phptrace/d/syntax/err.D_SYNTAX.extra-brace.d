/* a closing brace too many */

BEGIN
{
	exit(0);
}
}
