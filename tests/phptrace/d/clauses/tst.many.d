/* fifty clauses */

#pragma D option quiet

int n;

BEGIN
{
	n += 0;
}

BEGIN
{
	n += 1;
}

BEGIN
{
	n += 2;
}

BEGIN
{
	n += 3;
}

BEGIN
{
	n += 4;
}

BEGIN
{
	n += 5;
}

BEGIN
{
	n += 6;
}

BEGIN
{
	n += 7;
}

BEGIN
{
	n += 8;
}

BEGIN
{
	n += 9;
}

BEGIN
{
	n += 10;
}

BEGIN
{
	n += 11;
}

BEGIN
{
	n += 12;
}

BEGIN
{
	n += 13;
}

BEGIN
{
	n += 14;
}

BEGIN
{
	n += 15;
}

BEGIN
{
	n += 16;
}

BEGIN
{
	n += 17;
}

BEGIN
{
	n += 18;
}

BEGIN
{
	n += 19;
}

BEGIN
{
	n += 20;
}

BEGIN
{
	n += 21;
}

BEGIN
{
	n += 22;
}

BEGIN
{
	n += 23;
}

BEGIN
{
	n += 24;
}

BEGIN
{
	n += 25;
}

BEGIN
{
	n += 26;
}

BEGIN
{
	n += 27;
}

BEGIN
{
	n += 28;
}

BEGIN
{
	n += 29;
}

BEGIN
{
	n += 30;
}

BEGIN
{
	n += 31;
}

BEGIN
{
	n += 32;
}

BEGIN
{
	n += 33;
}

BEGIN
{
	n += 34;
}

BEGIN
{
	n += 35;
}

BEGIN
{
	n += 36;
}

BEGIN
{
	n += 37;
}

BEGIN
{
	n += 38;
}

BEGIN
{
	n += 39;
}

BEGIN
{
	n += 40;
}

BEGIN
{
	n += 41;
}

BEGIN
{
	n += 42;
}

BEGIN
{
	n += 43;
}

BEGIN
{
	n += 44;
}

BEGIN
{
	n += 45;
}

BEGIN
{
	n += 46;
}

BEGIN
{
	n += 47;
}

BEGIN
{
	n += 48;
}

BEGIN
{
	n += 49;
}

BEGIN
{
	printf("%d\n", n);
	exit(0);
}
