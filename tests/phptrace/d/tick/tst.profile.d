/* profile-97 fires on the processors */

#pragma D option quiet

profile-97
{
	@ = count();
	n++;
}

tick-10ms
/n > 5/
{
	printf("fired\n");
	exit(0);
}

END
{
	trunc(@);
}
