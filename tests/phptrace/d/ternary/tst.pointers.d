/* ?: of a pointer and 0 */

#pragma D option quiet

int x;

BEGIN
{
	this->p = (char *)alloca(8);
	printf("%d %d\n", (x ? this->p : 0) == 0, (x ? this->p : 0) == this->p);
	x = 1;
	printf("%d %d\n", (x ? this->p : 0) == 0, (x ? this->p : 0) == this->p);
	exit(0);
}
