/* more than nine arguments */
/* args: 1 2 3 4 5 6 7 8 9 10 11 12 */

#pragma D option quiet

BEGIN
{
	printf("%d %d %d\n", $1, $9, $12);
	printf("%s\n", $$10);
	printf("%d\n", $2 + $3 + $4 + $5 + $6 + $7 + $8 + $11);
	exit(0);
}
