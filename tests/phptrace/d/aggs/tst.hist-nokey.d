/* options: -q -xagghist */

BEGIN
{
	@ = count();
	exit(0);
}
