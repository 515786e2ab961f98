/* char pointers are taken as strings by functions */

#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(8);
	bcopy("abc", this->p, 4);
	printf("%d\n", strlen(this->p));
	printf("[%s]\n", strjoin(this->p, "d"));
	printf("[%s]\n", substr(this->p, 1));
	printf("%d\n", index(this->p, "c"));
	exit(0);
}
