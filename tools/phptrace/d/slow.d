/* PHP functions that took at least $1 milliseconds, as they return. */

#pragma D option quiet

BEGIN
{
	printf("%-20s %7s %10s %s\n", "TIME", "PID", "MS", "FUNCTION");
}

php*:::function-entry
{
	self->depth++;
	self->start[self->depth] = timestamp;
}

php*:::function-return
/self->start[self->depth] && timestamp - self->start[self->depth] >= $1 * 1000000/
{
	printf("%Y %7d %10d %s%s%s %s:%d\n", walltimestamp, pid, (timestamp - self->start[self->depth]) / 1000000,
	    copyinstr(arg3), copyinstr(arg4), copyinstr(arg0), copyinstr(arg1), arg2);
}

php*:::function-return
/self->start[self->depth]/
{
	self->start[self->depth] = 0;
	self->depth--;
}
