/* without room for one element nothing is traced */

/* status: 1 */
#pragma D option dynvarsize=15

BEGIN
{
	a[1] = 1;
	exit(0);
}
