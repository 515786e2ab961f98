/* a thread-local variable that was never set */

BEGIN
{
	trace(self->x);
	exit(0);
}
