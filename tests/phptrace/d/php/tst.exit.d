/* exit() ends the run while the process goes on */
/* trigger: php $T/calls.php */
/* status: 4 */

#pragma D option quiet

php*:::function-entry
/copyinstr(arg0) == "outer"/
{
	printf("outer\n");
	exit(4);
}
