/* pointers to elements of a global array */

#pragma D option quiet

int a[3];
int *p, *q;
void *v;
uintptr_t u;

BEGIN
{
	a[0] = 10;
	a[1] = 20;
	a[2] = 30;
	p = &a[0];
	q = &a[2];
	printf("%d %d %d %d\n", *p, *q, q - p, *(p + 1));
	v = p;
	printf("%d\n", *(int *)v);
	u = (uintptr_t)&a[1];
	printf("%d\n", *(int *)(u + 4));
	exit(0);
}

END
{
	printf("%d %d\n", *p, *q);
}
