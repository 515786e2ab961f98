/* entries and returns come in pairs */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
{
	depth++;
	printf("%d>%s ", depth, copyinstr(arg0));
}

php*:::function-return
{
	printf("<%s ", copyinstr(arg0));
	depth--;
}
