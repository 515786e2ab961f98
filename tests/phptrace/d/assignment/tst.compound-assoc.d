/* compound assignment to elements of associative arrays */

#pragma D option quiet

BEGIN
{
	a["x"] = 10;
	a["x"] += 5;
	a["y"] = 1;
	a["y"] <<= 4;
	a["x"] *= 2;
	a["x"] -= 1;
	a["x"] /= 3;
	a["y"] |= 2;
	a["y"] ^= 3;
	a["y"] %= 10;
	printf("%d %d\n", a["x"], a["y"]);
	exit(0);
}
