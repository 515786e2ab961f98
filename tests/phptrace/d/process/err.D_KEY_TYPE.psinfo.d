/* translated data is no key */

BEGIN
{
	@[curpsinfo] = count();
}
