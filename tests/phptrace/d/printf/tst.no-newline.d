/* nothing is added in quiet mode */

#pragma D option quiet

BEGIN
{
	printf("one ");
	printf("two");
	exit(0);
}
