/* arrays of char as strings */

#pragma D option quiet

char c[8];

BEGIN
{
	c[0] = 'a';
	c[1] = 'b';
	c[2] = 'c';
	printf("%s %d %d\n", c, strlen(c), sizeof (c));
	c[1] = 0;
	printf("%s %c\n", stringof(c), c[2]);
	exit(0);
}
