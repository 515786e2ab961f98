/* #pragma error */

#pragma error "quoted text"

BEGIN
{
	exit(0);
}
