/* rand with 1 argument */

BEGIN
{
	x = rand(1);
	exit(0);
}
