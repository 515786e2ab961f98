/* PHP exceptions as they are thrown, with the function that was running, and errors; at the end, how many of each class. */

#pragma D option quiet

BEGIN
{
	printf("%-20s %7s %-32s %s\n", "TIME", "PID", "WHAT", "WHERE");
}

php*:::function-entry
{
	self->depth++;
	self->name[self->depth] = strjoin(copyinstr(arg3), strjoin(copyinstr(arg4), copyinstr(arg0)));
	self->file[self->depth] = copyinstr(arg1);
}

php*:::function-return
/self->depth > 0/
{
	self->name[self->depth] = 0;
	self->file[self->depth] = 0;
	self->depth--;
}

php*:::exception-thrown
{
	printf("%Y %7d %-32s %s %s\n", walltimestamp, pid, copyinstr(arg0), self->name[self->depth],
	    self->file[self->depth]);
	@thrown[copyinstr(arg0)] = count();
}

php*:::error
{
	printf("%Y %7d %-32s %s:%d\n", walltimestamp, pid, copyinstr(arg0), copyinstr(arg1), arg2);
	@thrown["error"] = count();
}

END
{
	printf("\n%-32s %8s\n", "CLASS", "THROWN");
	printa("%-32s %@8u\n", @thrown);
}
