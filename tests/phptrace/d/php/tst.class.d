/* arg3 is the class */
/* trigger: php $T/calls.php */

#pragma D option quiet
#pragma D option aggsortkey

php*:::function-entry
{
	@[copyinstr(arg3), copyinstr(arg0)] = count();
}

END
{
	printa("[%s] %s %@d\n", @);
}
