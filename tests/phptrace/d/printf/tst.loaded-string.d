/* a char array as %s */

#pragma D option quiet

struct s {
	int n;
	char name[16];
};

BEGIN
{
	this->p = (struct s *)alloca(sizeof (struct s));
	bcopy("hello", this->p->name, 6);
	printf("%s|%10s|%.2s\n", this->p->name, this->p->name, this->p->name);
	exit(0);
}
