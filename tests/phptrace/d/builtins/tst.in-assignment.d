/* built-in variables keep their type when assigned */

#pragma D option quiet

BEGIN
{
	t = timestamp;
	p = pid;
	n = probename;
	printf("%d %d %d %s\n", sizeof (t), sizeof (p), sizeof (n), n);
	exit(0);
}
