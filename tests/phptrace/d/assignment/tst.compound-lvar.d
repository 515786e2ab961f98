/* compound assignment to this-> variables */

#pragma D option quiet

BEGIN
{
	this->x = 10;
	this->x += 5;
	printf("%d\n", this->x);
	this->x -= 3;
	printf("%d\n", this->x);
	this->x *= 4;
	printf("%d\n", this->x);
	this->x /= 5;
	printf("%d\n", this->x);
	this->x %= 4;
	printf("%d\n", this->x);
	this->x <<= 6;
	this->x |= 3;
	this->x ^= 1;
	this->x &= ~64;
	this->x >>= 1;
	printf("%d\n", this->x);
	exit(0);
}
