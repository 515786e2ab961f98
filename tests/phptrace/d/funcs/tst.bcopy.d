/* bcopy copies bytes */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(12);
	bcopy("hello world", this->p, 12);
	this->q = (char *)alloca(6);
	bcopy(this->p + 6, this->q, 6);
	printf("%s %s %c\n", stringof(this->p), stringof(this->q), this->q[1]);
	exit(0);
}
