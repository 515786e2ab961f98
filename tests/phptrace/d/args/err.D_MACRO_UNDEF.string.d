/* a string argument that was not given */

BEGIN
{
	s = $$1;
	exit(0);
}
