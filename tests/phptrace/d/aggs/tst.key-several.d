/* several keys of different types */

#pragma D option quiet

BEGIN
{
	@["a", 1, 2l] = sum(5);
	@["a", 2, 1l] = sum(4);
	@["b", 1, 1l] = sum(6);
	exit(0);
}
