/* several characters in one constant */

#pragma D option quiet

BEGIN
{
	printf("%x\n", 'ab');
	printf("%x\n", 'abc');
	printf("%x\n", 'abcd');
	exit(0);
}
