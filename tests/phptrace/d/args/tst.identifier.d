/* an argument may be an identifier */
/* args: tally probename */

#pragma D option quiet

BEGIN
{
	$1 = 5;
	$1++;
	printf("%d %s\n", tally, probename);
	printf("%s\n", $2);
	exit(0);
}
