/* && before ^^ before || */

#pragma D option quiet

int t;
int f;
int n;

BEGIN
{
	t = 1;
	f = 0;
	n = -7;
	printf("%d\n", t || f && f);
	printf("%d\n", (t || f) && f);
	printf("%d\n", f && f || t);
	printf("%d\n", f && (f || t));
	printf("%d\n", t || t && f);
	printf("%d\n", t ^^ t && f);
	printf("%d\n", t || t ^^ t);
	printf("%d\n", f ^^ t || t);
	printf("%d\n", (t ^^ t) && f);
	exit(0);
}
