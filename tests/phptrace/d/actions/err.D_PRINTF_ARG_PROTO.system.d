/* system() without an argument for its conversion */
/* options: -w */

BEGIN
{
	system("ls %s");
	exit(0);
}
