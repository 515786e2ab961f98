/* trace of a pointer is unsigned */

BEGIN
{
	trace((char *)0x1234);
	exit(0);
}
