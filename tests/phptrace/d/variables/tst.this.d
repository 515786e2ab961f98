/* a clause-local variable goes from one clause of a firing to the next */

#pragma D option quiet

BEGIN
{
	this->x = 7;
}

BEGIN
{
	printf("%d\n", this->x);
	exit(0);
}
