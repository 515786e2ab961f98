/* setopt() with a value */

#pragma D option quiet

BEGIN
{
	@["a"] = sum(2);
	@["b"] = sum(1);
	setopt("aggsortrev");
	exit(0);
}
