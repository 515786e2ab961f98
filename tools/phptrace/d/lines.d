/* Calls of the functions of one PHP file by line, in order. The file is $1: its whole path, or its name. */

#pragma D option quiet
#pragma D option aggsortkey

php*:::function-entry
/copyinstr(arg1) == $$1 || basename(copyinstr(arg1)) == $$1/
{
	@lines[arg2, strjoin(copyinstr(arg3), strjoin(copyinstr(arg4), copyinstr(arg0)))] = count();
}

END
{
	printf("%8s  %-48s %12s\n", "LINE", "FUNCTION", "CALLS");
	printa("%8d  %-48s %@12u\n", @lines);
}
