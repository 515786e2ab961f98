/* a probe declared twice */

provider web {
	probe start(int);
	probe start(int);
};

BEGIN
{
	exit(0);
}
