/* stringof of char arrays and pointers */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(8);
	bcopy("abc", this->p, 4);
	printf("[%s]\n", stringof(this->p));
	printf("%d\n", strlen(stringof(this->p)));
	printf("[%s]\n", strjoin(stringof(this->p), "d"));
	printf("%d\n", stringof(this->p) == "abc");
	exit(0);
}
