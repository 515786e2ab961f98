/* a number is nothing that print() can follow */

BEGIN
{
	print(42);
}
