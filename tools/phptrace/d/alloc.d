/*
 * Memory asked of PHP's allocator in each PHP function: how often, and how many bytes. Needs -c or -p.
 * Sizes that the compiler knew are asked of functions of their own (_emalloc_56, ...), and counted but without bytes.
 */

#pragma D option quiet
#pragma D option aggsortpos=1

php$target:::function-entry
{
	self->depth++;
	self->name[self->depth] = strjoin(copyinstr(arg3), strjoin(copyinstr(arg4), copyinstr(arg0)));
}

php$target:::function-return
/self->depth > 0/
{
	self->name[self->depth] = 0;
	self->depth--;
}

pid$target:a.out:_emalloc:entry
{
	this->who = self->depth > 0 ? self->name[self->depth] : "(no function)";
	@calls[this->who] = count();
	@bytes[this->who] = sum(arg0);
}

pid$target:a.out:_emalloc_*:entry
{
	this->who = self->depth > 0 ? self->name[self->depth] : "(no function)";
	@calls[this->who] = count();
	@bytes[this->who] = sum(0);
}

END
{
	printf("%-48s %12s %14s\n", "FUNCTION", "CALLS", "BYTES");
	printa("%-48s %@12u %@14u\n", @calls, @bytes);
}
