/* keys are expressions */

#pragma D option quiet

int x;

BEGIN
{
	x = 3;
	@[x * 2, strjoin("a", "b")] = count();
	@[x + 3, "ab"] = count();
	exit(0);
}
