/* setopt with 0 arguments */

BEGIN
{
	setopt();
	exit(0);
}
