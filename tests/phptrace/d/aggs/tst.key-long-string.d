/* a key longer than its column */

#pragma D option quiet

BEGIN
{
	@["kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"] = count();
	exit(0);
}
