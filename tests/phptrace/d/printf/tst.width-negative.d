/* width of negative numbers */

#pragma D option quiet

BEGIN
{
	printf("[%6d]\n", -42);
	printf("[%-6d]\n", -42);
	printf("[%06d]\n", -42);
	printf("[%1d]\n", -42);
	exit(0);
}
