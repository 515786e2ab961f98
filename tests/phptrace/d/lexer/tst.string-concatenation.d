/* strings side by side are not joined but given one by one */

#pragma D option quiet

BEGIN
{
	printf("%s%s\n", "a", "b");
	exit(0);
}
