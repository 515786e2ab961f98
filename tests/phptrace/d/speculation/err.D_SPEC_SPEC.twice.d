/* speculate after speculate */

int s;

BEGIN
{
	speculate(s);
	speculate(s);
	exit(0);
}
