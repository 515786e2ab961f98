/* php$target is the provider of the process */
/* trigger: php $T/calls.php */

#pragma D option quiet

php$target:::function-entry
/copyinstr(arg0) == "inner"/
{
	n++;
}

END
{
	printf("%d\n", n);
}
