/* what has no size cannot be shown */

BEGIN
{
	print((void *)1);
}
