/* a declared clause-local variable has its type */

#pragma D option quiet

this uint8_t c;

BEGIN
{
	this->c = 300;
	printf("%d %d\n", this->c, sizeof (this->c));
	exit(0);
}
