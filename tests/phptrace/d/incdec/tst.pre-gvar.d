/* the value of ++x and --x is the new one, gvar */

#pragma D option quiet

int x;

BEGIN
{
	x = 5;
	printf("%d\n", ++x);
	printf("%d\n", x);
	printf("%d\n", --x);
	printf("%d\n", x);
	exit(0);
}
