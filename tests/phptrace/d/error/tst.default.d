/* without an ERROR clause the message is all */

#pragma D option quiet

BEGIN
{
	x = *(int *)0;
}

BEGIN
{
	printf("next\n");
	exit(0);
}
