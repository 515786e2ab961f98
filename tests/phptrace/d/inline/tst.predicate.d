/* inlines in predicates */

#pragma D option quiet

int x;
inline int MORE = x > 2;

BEGIN
{
	x = 3;
}

BEGIN
/MORE/
{
	printf("more\n");
}

BEGIN
/!MORE/
{
	printf("less\n");
}

BEGIN
{
	exit(0);
}
