/* a pointer as predicate */

#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(4);
	this->q = (int *)0;
}

BEGIN
/this->p/
{
	printf("p\n");
}

BEGIN
/this->q/
{
	printf("q\n");
}

BEGIN
{
	exit(0);
}
