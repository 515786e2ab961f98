/* string values */

#pragma D option quiet

string a[int];

BEGIN
{
	a[1] = "one";
	a[2] = "two";
	printf("%s %s [%s]\n", a[1], a[2], a[3]);
	a[1] = strjoin(a[2], a[1]);
	printf("%s\n", a[1]);
	exit(0);
}
