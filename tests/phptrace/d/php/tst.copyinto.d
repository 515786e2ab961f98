/* copyinto memory from alloca */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
/copyinstr(arg0) == "outer" && !seen/
{
	seen = 1;
	this->p = (char *)alloca(16);
	copyinto(arg0 + 1, 5, this->p);
	printf("%s\n", stringof(this->p));
}
