/* status: 1 */
/* no clock probe fires more often than 5000 times a second */

profile-100us
{
	exit(0);
}
