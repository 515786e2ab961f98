/* string functions on copied strings */
/* trigger: php $T/calls.php */

#pragma D option quiet

php*:::function-entry
/copyinstr(arg0) == "area"/
{
	printf("%s\n", strjoin(strjoin(copyinstr(arg3), "::"), copyinstr(arg0)));
	printf("%d\n", strlen(copyinstr(arg3)));
	printf("%s\n", substr(copyinstr(arg3), 1, 3));
	printf("%d\n", copyinstr(arg3) == "Shape");
}
