/* an argument may name an action */
/* args: sum */

#pragma D option quiet

BEGIN
{
	@ = $1(5);
	exit(0);
}
