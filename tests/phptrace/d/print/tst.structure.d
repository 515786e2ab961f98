/* a structure that is no pointer: each member with its type */

#pragma D option quiet

struct pair { int one; char name[4]; enum { RED, BLUE } colour; } p;

BEGIN
{
	p.one = 18;
	p.name[0] = 'h';
	p.colour = BLUE;
	print(p);
	exit(0);
}
