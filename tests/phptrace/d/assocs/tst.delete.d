/* 0 deletes an element */

#pragma D option quiet

BEGIN
{
	a["x"] = 5;
	a["y"] = 6;
	a["x"] = 0;
	printf("%d %d\n", a["x"], a["y"]);
	a["x"] = 7;
	printf("%d %d\n", a["x"], a["y"]);
	exit(0);
}
