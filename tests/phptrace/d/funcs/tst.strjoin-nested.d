/* joins nest to both sides */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", strjoin(strjoin(strjoin("a", "b"), "c"), "d"));
	printf("[%s]\n", strjoin("a", strjoin("b", strjoin("c", "d"))));
	printf("[%s]\n", strjoin(strjoin("a", "b"), strjoin("c", strjoin("d", lltostr(5)))));
	exit(0);
}
