/* Every entry into a PHP function and every return, indented, with microseconds since the first of them. */

#pragma D option quiet

int64_t begun;
self int depth;

php*:::function-entry
/!begun/
{
	begun = timestamp;
}

php*:::function-entry
{
	printf("%10d %7d %*s-> %s%s%s %s:%d\n", (timestamp - begun) / 1000, pid, self->depth * 2, "",
	    copyinstr(arg3), copyinstr(arg4), copyinstr(arg0), basename(copyinstr(arg1)), arg2);
	self->depth++;
}

php*:::function-return
/self->depth > 0/
{
	self->depth--;
	printf("%10d %7d %*s<- %s%s%s\n", (timestamp - begun) / 1000, pid, self->depth * 2, "",
	    copyinstr(arg3), copyinstr(arg4), copyinstr(arg0));
}
