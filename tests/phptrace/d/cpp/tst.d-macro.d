/* the preprocessor knows that it reads D */
/* options: -C */

#pragma D option quiet

BEGIN
{
#ifdef __SUNW_D
	printf("D\n");
#endif
	exit(0);
}
