/* options: -q -xversion=1.6.1 */

#pragma D option version=1.13

BEGIN
{
	printf("ok");
	exit(0);
}
