/* arguments of the program, with blanks between them */

/* options: -q */
/* args: one two */
BEGIN
{
	printf("%s\n", strstr(execargs, "one"));
	printf("%d %d\n", execargs == curpsinfo->pr_psargs, $$1 == "one" && $$2 == "two");
	exit(0);
}
