/* the time of each call by thread-local variables */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
/copyinstr(arg0) == "inner"/
{
	self->ts = timestamp;
}

php*:::function-return
/self->ts/
{
	@n = count();
	@sum = min(timestamp - self->ts > 0);
	self->ts = 0;
}
