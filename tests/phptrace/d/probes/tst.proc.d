/* Programs begin, processes end by themselves or are killed, signals are sent. */
/* options: -q */
/* trigger: sh -c "sleep 5 & kill -9 $!; wait; /bin/true" */

proc:::signal-send
/pid == $target && arg2 == 9/
{
	printf("signal %d\n", arg2);
}

proc:::exit
/progenyof($target) && pid != $target/
{
	@ends[arg0] = count();
}

proc:::lwp-exit
/progenyof($target) && pid != $target/
{
	@threads = count();
}

proc:::exec-success
/execname == "true" && ppid == $target/
{
	printf("exec %s\n", execname);
}

END
{
	printa("end %d %@d\n", @ends);
	printa("threads %@d\n", @threads);
}
