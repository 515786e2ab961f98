/* a bit-field of pointer type */

struct s {
	char *a:3;
};

BEGIN
{
	exit(0);
}
