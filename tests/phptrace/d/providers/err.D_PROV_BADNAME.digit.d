/* a provider name that ends in a digit */

provider web9 {
	probe start(int);
};

BEGIN
{
	exit(0);
}
