/* a predicate is true by any of its 64 bits */

#pragma D option quiet

int64_t l;

BEGIN
{
	l = 0x100000000;
}

BEGIN
/l/
{
	printf("1\n");
}

BEGIN
/l & 0xffffffff/
{
	printf("2\n");
}

BEGIN
/l >> 32/
{
	printf("3\n");
}

BEGIN
{
	exit(0);
}
