/* trace of int64_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((int64_t)-5000000000);
	exit(0);
}
