/* a global pointer variable */

#pragma D option quiet

int *p;

BEGIN
{
	p = (int *)0x1000;
	printf("%x %d\n", (uint64_t)p, sizeof (p));
	printf("%x\n", (uint64_t)(p + 2));
	exit(0);
}
