/* request-startup and -shutdown once */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::request-startup
{
	printf("startup\n");
}

php*:::request-shutdown
{
	printf("shutdown\n");
}
