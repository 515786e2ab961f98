/* rawbytes shows strings of trace as bytes */

#pragma D option quiet
#pragma D option rawbytes

char a[4];

BEGIN
{
	a[0] = 'a';
	a[1] = 'b';
	trace(a);
	exit(0);
}
