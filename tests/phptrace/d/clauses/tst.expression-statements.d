/* expressions as statements */

#pragma D option quiet

int x;

BEGIN
{
	x;
	5;
	x + 1;
	"text";
	x++;
	printf("%d\n", x);
	exit(0);
}
