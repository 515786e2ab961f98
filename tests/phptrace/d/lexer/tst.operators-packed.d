/* operators without blanks are taken as long as they go */

#pragma D option quiet

int a, b;

BEGIN
{
	a = 5;
	b = 3;
	printf("%d %d %d %d\n", a+++b, a---b, a<<b>>1, a&&b);
	printf("%d %d %d\n", a- -b, a+ +b, -a--);
	printf("%d %d %d %d\n", a>=b, a<=b, a!=b, a==b);
	exit(0);
}
