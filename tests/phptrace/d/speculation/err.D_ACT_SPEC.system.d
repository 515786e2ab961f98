/* a destructive action while speculating */
/* options: -w */

int s;

BEGIN
{
	speculate(s);
	system("ls");
	exit(0);
}
