/* the value of x++ and x-- is the old one, lvar */

#pragma D option quiet

this int x;

BEGIN
{
	this->x = 5;
	printf("%d\n", this->x++);
	printf("%d\n", this->x);
	printf("%d\n", this->x--);
	printf("%d\n", this->x);
	exit(0);
}
