/* a negative dimension */

int a[-1];

BEGIN
{
	exit(0);
}
