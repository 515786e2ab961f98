/* assignment of an array */

int a[3];
int b[3];

BEGIN
{
	a = b;
	exit(0);
}
