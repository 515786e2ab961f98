/* copyin and copyinstr with a length */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
/copyinstr(arg0) == "outer" && !seen/
{
	seen = 1;
	this->p = (char *)copyin(arg0, 6);
	printf("%c%c%c %d\n", this->p[0], this->p[1], this->p[4], this->p[5]);
	printf("%s\n", stringof(copyin(arg0, 6)));
}
