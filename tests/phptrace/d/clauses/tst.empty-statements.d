/* empty statements are ignored */

#pragma D option quiet

BEGIN
{
	;
	printf("a\n");;
	;;
	exit(0);
}
