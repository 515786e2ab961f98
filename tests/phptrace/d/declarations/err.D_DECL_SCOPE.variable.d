/* the scoping operator in a name */

int a`b;

BEGIN
{
	exit(0);
}
