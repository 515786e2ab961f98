/* -U takes a definition back */
/* options: -C -U linux */

#pragma D option quiet

BEGIN
{
#ifdef linux
	printf("defined\n");
#else
	printf("not defined\n");
#endif
	exit(0);
}
