/* a declaration of nothing */

extern int;

BEGIN
{
	exit(0);
}
