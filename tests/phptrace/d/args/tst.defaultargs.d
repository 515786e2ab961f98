/* -xdefaultargs makes missing arguments 0 and "" */
/* options: -xdefaultargs */

#pragma D option quiet

BEGIN
{
	printf("%d\n", $1);
	printf("[%s]\n", $$1);
	printf("%d\n", $2 + 1);
	printf("%d\n", $3);
	exit(0);
}
