/* $$1 is a string */
/* args: hello "two words" 42 */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", $$1);
	printf("%d\n", strlen($$1));
	printf("[%s]\n", $$2);
	printf("[%s]\n", $$3);
	exit(0);
}
