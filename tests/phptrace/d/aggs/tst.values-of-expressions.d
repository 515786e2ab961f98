/* arguments are expressions of any integer type */

#pragma D option quiet

int x;

BEGIN
{
	x = 7;
	@a = sum(x * 2 + 1);
	@b = sum((int8_t)-1);
	@c = sum((uint8_t)255);
	@d = sum(x > 3);
	exit(0);
}
