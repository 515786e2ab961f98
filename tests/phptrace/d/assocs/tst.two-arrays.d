/* two arrays with equal keys are apart */

#pragma D option quiet

BEGIN
{
	a["k"] = 1;
	b["k"] = 2;
	c["k", "k"] = 3;
	printf("%d %d %d\n", a["k"], b["k"], c["k", "k"]);
	exit(0);
}
