/* a character that D does not know */

BEGIN
{
	x = 1 # 2;
	exit(0);
}
