/* a member that nothing is known of */

BEGIN
{
	trace(curlwpsinfo->pr_nice);
}
