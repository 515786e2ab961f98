/* an element incremented on the way to a local */

#pragma D option quiet

BEGIN
{
	a["k", 1] = 123;
	this->x = a["k", 1]++;
	printf("%d ", this->x);
	this->x = a["k", 1]++;
	printf("%d ", this->x);
	printf("%d\n", a["k", 1]);
	exit(0);
}
