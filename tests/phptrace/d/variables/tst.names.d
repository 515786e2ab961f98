/* names may hold capitals, digits and underscores */

#pragma D option quiet

BEGIN
{
	_x = 1;
	X_1 = 2;
	veryLongVariableNameWithManyCharacters_0123456789 = 3;
	printf("%d\n", _x + X_1 + veryLongVariableNameWithManyCharacters_0123456789);
	exit(0);
}
