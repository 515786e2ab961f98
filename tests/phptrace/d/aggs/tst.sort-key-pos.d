/* -xaggsortkey -xaggsortkeypos=1 */
/* options: -xaggsortkey -xaggsortkeypos=1 */

#pragma D option quiet

BEGIN
{
	@["b", 1] = sum(3);
	@["a", 3] = sum(2);
	@["c", 2] = sum(1);
	@["a", 1] = sum(4);
	exit(0);
}
