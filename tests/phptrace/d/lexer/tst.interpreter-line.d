#!/usr/sbin/dtrace -qs

/* a #! line is skipped */

#pragma D option quiet

BEGIN
{
	printf("ran\n");
	exit(0);
}
