/* -x quiet */
/* options: -x quiet */

BEGIN
{
	printf("x\n");
	exit(0);
}
