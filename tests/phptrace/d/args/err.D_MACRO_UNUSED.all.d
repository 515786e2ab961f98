/* arguments to a program that takes none */
/* args: word */

BEGIN
{
	x = 1;
	exit(0);
}
