/* exit while speculating */

int s;

BEGIN
{
	speculate(s);
	exit(0);
}
