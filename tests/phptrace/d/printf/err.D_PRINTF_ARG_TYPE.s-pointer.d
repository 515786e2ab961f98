/* %s of a value of type char * */

char *p;

BEGIN
{
	printf("%s", p);
	exit(0);
}
