/* statements of C that D lacks */

BEGIN
{
	goto end;
	exit(0);
}
