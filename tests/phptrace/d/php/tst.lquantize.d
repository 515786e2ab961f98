/* the distribution of an argument */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
{
	@ = lquantize(strlen(copyinstr(arg0)), 0, 10);
}
