/* -q */
/* options: -q */

BEGIN
{
	printf("x\n");
	exit(0);
}
