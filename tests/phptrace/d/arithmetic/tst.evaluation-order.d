/* operands are evaluated from left to right */

#pragma D option quiet

int i, j;

BEGIN
{
	i = 3;
	j = i++ + i++;
	printf("%d %d\n", i, j);
	j = i-- - --i;
	printf("%d %d\n", i, j);
	j = ++i * i++;
	printf("%d %d\n", i, j);
	printf("%d %d %d\n", i++, i++, i++);
	exit(0);
}
