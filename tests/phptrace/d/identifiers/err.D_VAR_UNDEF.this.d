/* a clause-local variable that was never set */

BEGIN
{
	trace(this->x);
	exit(0);
}
