/* ++ on a new name makes an int64_t variable of value 0 */

#pragma D option quiet

BEGIN
{
	n++;
	n++;
	printf("%d %d\n", n, sizeof (n));
	--m;
	printf("%d %d\n", m, sizeof (m));
	exit(0);
}
