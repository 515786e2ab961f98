/* a clause-local associative array */

BEGIN
{
	this->a["x"] = 1;
	exit(0);
}
