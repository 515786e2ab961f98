/* copyinto with 2 arguments */

BEGIN
{
	copyinto(0, 1);
	exit(0);
}
