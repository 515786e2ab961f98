/* speculate with 0 arguments */

BEGIN
{
	speculate();
	exit(0);
}
