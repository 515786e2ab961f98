/* clause-local arrays */

#pragma D option quiet

this int a[3];

BEGIN
{
	this->a[0] = 7;
	this->a[2] = 9;
	printf("%d %d\n", this->a[0], this->a[2]);
	exit(0);
}
