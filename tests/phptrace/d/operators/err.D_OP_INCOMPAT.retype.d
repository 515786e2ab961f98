/* a variable assigned another type */

BEGIN
{
	x = 1;
	x = "text";
	exit(0);
}
