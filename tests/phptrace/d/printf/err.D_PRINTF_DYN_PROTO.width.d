/* no argument for the width */

BEGIN
{
	printf("%*d");
	exit(0);
}
