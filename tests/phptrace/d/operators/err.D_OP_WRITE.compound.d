/* += on a built-in variable */

BEGIN
{
	uid += 1;
	exit(0);
}
