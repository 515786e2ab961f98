/* arg1 is the file */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
{
	@[basename(copyinstr(arg1))] = count();
}
