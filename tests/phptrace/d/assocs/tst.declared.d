/* a declared array has the value type declared */

#pragma D option quiet

uint8_t a[int, int];

BEGIN
{
	a[1, 2] = 300;
	printf("%d %d\n", a[1, 2], sizeof (a[1, 2]));
	exit(0);
}
