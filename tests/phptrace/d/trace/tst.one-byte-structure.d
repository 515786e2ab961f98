/* a structure is never shown as text */

struct { char only; } s;

BEGIN
{
	s.only = 'x';
	trace(s);
	exit(0);
}
