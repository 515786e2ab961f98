/* a clause that records nothing prints nothing */

BEGIN
{
	x = 1;
}

BEGIN
{
	@ = count();
}

BEGIN
{
	trace(x);
	exit(0);
}
