/* strjoin to both sides of strjoin */

#pragma D option quiet

BEGIN
{
	printf("%s\n", strjoin(strjoin(strjoin(probeprov, ":"), strjoin(probemod, ":")), strjoin(strjoin(probefunc, ":"), probename)));
	exit(0);
}
