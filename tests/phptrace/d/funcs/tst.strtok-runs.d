/* strtok skips runs of separators and those at the ends */

#pragma D option quiet

BEGIN
{
	printf("[%s]", strtok("//usr//bin/", "/"));
	printf("[%s]", strtok(NULL, "/"));
	printf("%d", strtok(NULL, "/") == NULL);
	printf(" %d %d\n", strtok("///", "/") == NULL, strtok("", "/") == NULL);
	exit(0);
}
