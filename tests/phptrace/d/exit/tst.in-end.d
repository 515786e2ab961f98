/* END may set the status */
/* status: 7 */

#pragma D option quiet

BEGIN
{
	exit(1);
}

END
{
	printf("end\n");
	exit(7);
}
