/* translated data cannot be traced as a whole */

BEGIN
{
	trace(curpsinfo);
}
