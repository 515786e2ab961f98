/* pragmas that are not for D are ignored */

#pragma D option quiet
#pragma ident "an ident"
#ident "another"
#pragma weak symbol
#

BEGIN
{
	printf("a\n");
	exit(0);
}
