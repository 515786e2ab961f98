/* ERROR may end the run */
/* status: 3 */

#pragma D option quiet

BEGIN
{
	x = *(int *)0;
}

ERROR
{
	printf("error\n");
	exit(3);
}
