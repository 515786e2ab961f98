/* denormalize() of a string */

BEGIN
{
	denormalize("x");
	exit(0);
}
