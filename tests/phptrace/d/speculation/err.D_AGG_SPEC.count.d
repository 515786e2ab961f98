/* aggregating while speculating */

int s;

BEGIN
{
	speculate(s);
	@ = count();
	exit(0);
}
