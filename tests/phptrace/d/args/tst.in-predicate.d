/* arguments in predicates and keys */
/* args: 7 x */

#pragma D option quiet

BEGIN
/$1 > 5 && $$2 == "x"/
{
	a[$1, $$2] = 1;
	printf("%d\n", a[7, "x"]);
	exit(0);
}
