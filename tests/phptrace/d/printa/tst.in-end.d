/* printa in END */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	exit(0);
}

END
{
	printf("%-5s %5s\n", "KEY", "SUM");
	printa("%-5s %@5d\n", @a);
}
