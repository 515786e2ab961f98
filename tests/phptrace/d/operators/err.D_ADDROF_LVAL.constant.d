/* the address of a constant */

BEGIN
{
	p = &5;
	exit(0);
}
