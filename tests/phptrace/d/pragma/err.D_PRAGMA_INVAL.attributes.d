/* attributes that do not exist */

#pragma D attributes Nice/Nice/Nice x

BEGIN
{
	exit(0);
}
