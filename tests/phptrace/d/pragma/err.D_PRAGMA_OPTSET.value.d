/* a value that the option does not take */

#pragma D option bufsize=much

BEGIN
{
	exit(0);
}
