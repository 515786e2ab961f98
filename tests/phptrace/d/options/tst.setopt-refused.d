/* what cannot be set while tracing, and what cannot be set at all */

#pragma D option quiet

BEGIN
{
	setopt("colour");
	setopt("quiet", "perhaps");
	setopt("bufsize", "8m");
	exit(0);
}
