/* the status is an expression */
/* status: 5 */

#pragma D option quiet

BEGIN
{
	x = 20;
	exit(x / 5 + 1);
}
