/* bcopy copies no more than asked */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(8);
	bcopy("abcdef", this->p, 3);
	printf("%s %d\n", stringof(this->p), this->p[3]);
	bcopy("xy", this->p, 1);
	printf("%s\n", stringof(this->p));
	bcopy("", this->p + 1, 1);
	printf("%s\n", stringof(this->p));
	exit(0);
}
