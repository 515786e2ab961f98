/* #line changes nothing but messages */

#pragma D option quiet
#line 100
# 200 "other.d"

BEGIN
{
	printf("a\n");
	exit(0);
}
