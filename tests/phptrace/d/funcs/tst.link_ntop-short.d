/* options: -xstrsize=8 */
/* cut to the size of a string */

#pragma D option quiet

BEGIN
{
	this->b = (uint8_t *)alloca(6);
	this->b[0] = 0xf0;
	printf("%s\n", link_ntop(1, this->b));
	exit(0);
}
