/* several trace actions when quiet are not parted */

#pragma D option quiet

BEGIN
{
	trace(1);
	trace("two");
	trace(3l);
	exit(0);
}
