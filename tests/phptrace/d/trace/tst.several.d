/* several trace actions go on one line */

BEGIN
{
	trace(1);
	trace("two");
	trace(3l);
	exit(0);
}
