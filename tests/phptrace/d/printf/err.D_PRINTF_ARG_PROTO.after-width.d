/* no argument left after that for the width */

BEGIN
{
	printf("%*d", 5);
	exit(0);
}
