/* assignment to a built-in variable */

BEGIN
{
	pid = 5;
	exit(0);
}
