/* the probe name with two underscores */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function__entry
{
	@ = count();
}
