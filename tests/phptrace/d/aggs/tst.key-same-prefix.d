/* strings that share a beginning are keys apart */

#pragma D option quiet

BEGIN
{
	@["abc"] = sum(1);
	@["ab"] = sum(2);
	@["abcd"] = sum(3);
	exit(0);
}
