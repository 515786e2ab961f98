/* -D defines */
/* options: -C -D X -D Y=5 */

#pragma D option quiet

BEGIN
{
	printf("%d\n", X);
	printf("%d\n", Y + 1);
	exit(0);
}
