/* keys of different lengths leave nothing behind */

#pragma D option quiet

BEGIN
{
	x["foo"] = 1;
	x["a longer key"] = 2;
	x["f"] = 3;
	printf("%d %d %d\n", x["foo"], x["a longer key"], x["f"]);
	exit(0);
}
