/* keys of many types */

#pragma D option quiet

BEGIN
{
	a[1, 'c', "s", 5000000000, (uint8_t)7, probename] = 99;
	printf("%d %d\n", a[1, 'c', "s", 5000000000, (uint8_t)7, "BEGIN"], a[1, 'c', "t", 5000000000, (uint8_t)7, "BEGIN"]);
	exit(0);
}
