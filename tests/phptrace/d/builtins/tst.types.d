/* types of the built-in variables */

#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d\n", sizeof (pid), sizeof (tid), sizeof (uid), sizeof (gid));
	printf("%d\n", sizeof (probename));
	printf("%d %d\n", sizeof (id), sizeof (epid));
	exit(0);
}
