/* speculate after a data-recording action */

int s;

BEGIN
{
	trace(1);
	speculate(s);
	exit(0);
}
