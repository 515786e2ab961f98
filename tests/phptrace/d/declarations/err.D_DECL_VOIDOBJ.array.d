/* an array of void */

void a[5];

BEGIN
{
	exit(0);
}
