/* -xdefaultargs leaves given arguments */
/* options: -xdefaultargs */
/* args: 5 */

#pragma D option quiet

BEGIN
{
	printf("%d\n", $1);
	printf("%d\n", $2);
	printf("[%s]\n", $$2);
	exit(0);
}
