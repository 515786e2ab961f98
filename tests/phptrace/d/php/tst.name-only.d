/* function-entry alone is the probe of PHP */
/* trigger: php $T/calls.php */

#pragma D option quiet

function-entry
{
	@[copyinstr(arg0)] = count();
}
