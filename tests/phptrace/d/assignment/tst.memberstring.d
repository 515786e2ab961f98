/* A string goes to a member of a variable: global, clause-local, thread-local, in an array and in an associative array. */
/* options: -q */

struct call {
	int n;
	string name;
};

struct call one, list[4], calls[int];
this struct call loc;
self struct call thr;

BEGIN
{
	i = 2;
	x = "xyz";
	one.name = strjoin("o", x);
	one.n = 1;
	list[i].name = strjoin("l", x);
	list[i].n = 2;
	this->loc.name = strjoin("t", x);
	this->loc.n = 3;
	self->thr.name = strjoin("s", x);
	self->thr.n = 4;
	printf("%s %d\n%s %d [%s]\n", one.name, one.n, list[2].name, list[2].n, list[1].name);
	printf("%s %d\n%s %d\n", this->loc.name, this->loc.n, self->thr.name, self->thr.n);
	calls[i].n = 7;
	calls[i].name = strjoin("a", x);
	calls[i].name = strjoin(calls[i].name, "+");
	calls[3].name = "three";
	calls[i].n++;
	printf("%s %d [%s] %d [%s]\n", calls[2].name, calls[2].n, calls[3].name, calls[3].n, calls[4].name);
	calls[i].name = 0;
	printf("[%s] %d\n", calls[2].name, calls[2].n);
	exit(0);
}
