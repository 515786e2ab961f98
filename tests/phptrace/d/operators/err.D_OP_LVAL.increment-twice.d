/* ++ of the result of ++ */

int x;

BEGIN
{
	x++++;
	exit(0);
}
