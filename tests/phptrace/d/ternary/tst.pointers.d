/* ?: of a pointer and 0 */

#pragma D option quiet

int x;

BEGIN
{
	this->p = (char *)alloca(8);
	this->q = x ? this->p : 0;
	printf("%d\n", this->q == 0);
	this->q = !x ? this->p : 0;
	printf("%d\n", this->q == this->p);
	exit(0);
}
