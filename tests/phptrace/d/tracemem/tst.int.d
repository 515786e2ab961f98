/* the bytes of an integer */

#pragma D option quiet

BEGIN
{
	this->i = (uint64_t *)alloca(8);
	*this->i = 0x01020304;
	tracemem(this->i, 8);
	exit(0);
}
