/* printa shows normalized values */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(100);
	normalize(@a, 3);
	printa("%s %@d\n", @a);
	denormalize(@a);
	printa("%s %@d\n", @a);
	exit(0);
}
