/* Calls of each PHP function, the most frequent last. */

#pragma D option quiet

php*:::function-entry
{
	@calls[strjoin(copyinstr(arg3), strjoin(copyinstr(arg4), copyinstr(arg0)))] = count();
}

END
{
	printf("%-56s %12s\n", "FUNCTION", "CALLS");
	printa("%-56s %@12u\n", @calls);
}
