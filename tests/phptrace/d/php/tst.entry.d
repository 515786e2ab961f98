/* function-entry in the order of the calls */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
{
	printf("%s\n", copyinstr(arg0));
}
