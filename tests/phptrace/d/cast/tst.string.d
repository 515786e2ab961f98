/* casts of char pointers and integers to string */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(6);
	bcopy("hello", this->p, 6);
	printf("%s\n", (string)this->p);
	printf("%s\n", stringof(this->p));
	printf("%s\n", (string)(this->p + 1));
	s = (string)this->p;
	printf("%s %d\n", s, strlen(s));
	exit(0);
}
