/* PHP requests as they end, with their time in microseconds; at the end, the distribution of times for each address. */

#pragma D option quiet

BEGIN
{
	printf("%-20s %7s %10s %-6s %s\n", "TIME", "PID", "US", "METHOD", "ADDRESS");
}

php*:::request-startup
{
	self->request = timestamp;
}

php*:::request-shutdown
/self->request/
{
	this->time = (timestamp - self->request) / 1000;
	this->address = copyinstr(arg1);
	this->name = strlen(this->address) > 0 ? this->address : copyinstr(arg0);
	printf("%Y %7d %10d %-6s %s\n", walltimestamp, pid, this->time, copyinstr(arg2), this->name);
	@times[this->name] = quantize(this->time);
	self->request = 0;
}

END
{
	printa(@times);
}
