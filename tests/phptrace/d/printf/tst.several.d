/* several printf actions in one clause print in turn */

#pragma D option quiet

BEGIN
{
	printf("a");
	printf("b %d", 1);
	printf("c\n");
	printf("d\n");
	exit(0);
}
