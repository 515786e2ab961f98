/* a string variable without a string has no second character */

/* status: 3 */
#pragma D option quiet

BEGIN
{
	s = "full";
	printf("%c\n", s[1]);
}

BEGIN
{
	s = NULL;
	printf("%c\n", s[1]);
	exit(0);
}

ERROR
{
	printf("fault %d at %d\n", arg4, arg5);
	exit(3);
}
