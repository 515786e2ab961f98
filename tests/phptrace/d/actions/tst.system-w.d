/* system() with -w */
/* options: -qw */

BEGIN
{
	system("echo done");
	exit(0);
}
