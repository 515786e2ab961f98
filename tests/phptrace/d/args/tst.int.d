/* integers as macro arguments */
/* args: 42 0xff 010 */

#pragma D option quiet

BEGIN
{
	printf("%d\n", $1);
	printf("%d\n", $1 * 2);
	printf("%x\n", $2);
	printf("%d\n", $3);
	exit(0);
}
