/* options: -q -xagghist */

BEGIN
{
	@[1] = sum(-10);
	@[2] = sum(30);
	exit(0);
}
