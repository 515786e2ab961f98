/* a bit-field of 33 bits in an int */

struct s {
	int a:33;
};

BEGIN
{
	exit(0);
}
