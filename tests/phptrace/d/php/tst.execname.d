/* pid and execname of the process traced */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
/!seen/
{
	seen = 1;
	printf("%s %d\n", execname, pid == $target);
}
