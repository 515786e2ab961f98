#pragma D option quiet

BEGIN
{
	printf("%d %s\n", 42, "forty-two");
	exit(0);
}
