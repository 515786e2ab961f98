/* a variable of a union that is only named */

union nosuch u;

BEGIN
{
	exit(0);
}
