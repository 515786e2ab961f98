/* a key is converted to the type of the array's key */

#pragma D option quiet

BEGIN
{
	a[(int64_t)5] = 1;
	printf("%d %d\n", a[5], a[(int8_t)5]);
	b["abc"] = 2;
	this->p = (char *)alloca(8);
	bcopy("abc", this->p, 4);
	printf("%d\n", b[stringof(this->p)]);
	exit(0);
}
