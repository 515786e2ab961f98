/* a fault in END */

#pragma D option quiet

int zero;

BEGIN
{
	exit(0);
}

END
{
	x = 1 / zero;
}

END
{
	printf("end\n");
}
