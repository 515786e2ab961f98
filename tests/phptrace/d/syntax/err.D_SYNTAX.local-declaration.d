/* a declaration in a clause */

BEGIN
{
	int i = 0;
	exit(0);
}
