/* typedefs of the system are known */

#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d\n", sizeof (pid_t), sizeof (uid_t), sizeof (gid_t), sizeof (id_t));
	printf("%d %d %d %d\n", sizeof (uint_t), sizeof (ushort_t), sizeof (uchar_t), sizeof (ulong_t));
	printf("%d %d\n", sizeof (longlong_t), sizeof (u_longlong_t));
	exit(0);
}
