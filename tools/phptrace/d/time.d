/*
 * Time in each PHP function in microseconds: with what it called (TOTAL), and without (OWN).
 * A generator that is left and entered again counts as one call each time.
 */

#pragma D option quiet
#pragma D option aggsortpos=2

php*:::function-entry
{
	self->depth++;
	self->start[self->depth] = timestamp;
	self->inner[self->depth] = 0;
}

php*:::function-return
/self->start[self->depth]/
{
	this->name = strjoin(copyinstr(arg3), strjoin(copyinstr(arg4), copyinstr(arg0)));
	this->all = timestamp - self->start[self->depth];
	@calls[this->name] = count();
	@total[this->name] = sum(this->all);
	@own[this->name] = sum(this->all - self->inner[self->depth]);
	self->start[self->depth] = 0;
	self->inner[self->depth] = 0;
	self->depth--;
	self->inner[self->depth] += this->all;
}

END
{
	normalize(@total, 1000);
	normalize(@own, 1000);
	printf("%-40s %12s %12s %12s\n", "FUNCTION", "CALLS", "TOTAL", "OWN");
	printa("%-40s %@12u %@12u %@12u\n", @calls, @total, @own);
}
